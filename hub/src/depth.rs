//! How deep JSON is nested, told without parsing it.

/// Whether JSON text nests deeper than a bound. Text that is not JSON may be told either way; it is
/// refused by whoever parses it.
pub(crate) fn exceeds(text: &[u8], depth_max: usize) -> bool {
    // No text nests deeper than it has brackets: most need no second look.
    let opening = memchr::memchr2_iter(b'{', b'[', text).count();
    opening > depth_max && deepest(text) > depth_max
}

fn deepest(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in text {
        if in_string {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests;
