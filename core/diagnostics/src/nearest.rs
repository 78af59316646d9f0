//! "Did you mean …?": the known name that a person most likely meant.

/// Picks the known name nearest to what was written, or none when nothing is near.
pub fn nearest<'a, I>(written: &str, known: I) -> Option<&'a str>
where
    I: IntoIterator<Item = &'a str>,
{
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(written, name), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 3)
        .map(|(_, name)| name)
}
