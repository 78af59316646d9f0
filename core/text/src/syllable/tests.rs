//! Tests of the rules of spelling.

use super::{Case, syllable};

#[test]
fn syllables_of_all_kinds_are_known() {
    let words = "nguyễn nghiêng quýt quyển giếng gì giữa hòa hoà thủy thuỷ khuỷu ủy ý ạ ô ăn ước \
                 uống yêu đường ngoằn huênh xoong khuya tuyết quốc luật chị kỹ kĩ ghế";
    for word in words.split_whitespace() {
        assert_eq!(syllable(word), Some(Case::Small), "{word}");
    }
    for (word, case) in [("Đức", Case::Title), ("ĐỨC", Case::Capitals), ("Ý", Case::Capitals)]
    {
        assert_eq!(syllable(word), Some(case), "{word}");
    }
}

#[test]
fn what_breaks_the_rules_is_none() {
    let words = "hµ giáa kế' ngê kà cế ghà việtt àn̉ vIỆT đỨC NguyỄn bb đắkk strờ viêt cac \
                 müller façade bộọ 1ệ";
    for word in words.split_whitespace() {
        assert_eq!(syllable(word), None, "{word}");
    }
    assert_eq!(syllable(""), None);
}
