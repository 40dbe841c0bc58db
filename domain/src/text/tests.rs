//! Folding: tables of how people write, and laws over any text.

use proptest::prelude::*;

use super::*;

#[test]
fn folds_what_people_write() {
    let table = [
        ("Nước ngập, đường ĐÔNG!!", "nuoc ngap duong dong"),
        ("nu\u{31b}o\u{31b}\u{301}c", "nuoc"),
        ("dduwowngf", "duong"),
        ("nguwowif", "nguoi"),
        ("nuwowcs ngaajp", "nuoc ngap"),
        ("nu7o71c nga65p d9uo72ng", "nuoc ngap duong"),
        ("quáaaaa trờiiii", "qua troi"),
        ("ko hok dc j z r nc đg ng", "khong khong duoc gi vay roi nuoc duong nguoi"),
        ("tối hok thấy j té hoài", "toi khong thay gi te hoai"),
        ("uống zô có sao hông", "uong vo co sao khong"),
        ("Lê Hồng Phong, hư hỏng, bên hông chợ", "le hong phong hu hong ben hong cho"),
        ("đường lún rồi", "duong lun roi"),
        ("kẹt xe quá trời lun", "ket xe qua troi luon"),
        ("hôi wá, hôm wa", "hoi qua hom qua"),
        ("fường 5, phải zậy ko", "phuong 5 phai vay khong"),
        ("trụ ngiêng, giựt tê tay", "tru nghieng giat te tay"),
        ("khôg bik", "khong biet"),
        ("xe bus, taxi, gas", "xe bus taxi gas"),
        ("819/13 Quang Trung, P.12, Q.GV", "819 13 quang trung p 12 q gv"),
        ("Ng Trãi, ng dân", "nguyen trai nguoi dan"),
        ("ca\u{200b}y nga\u{feff} 🌳🌳 kìa", "cay nga kia"),
        ("hẻm tối, hem 51", "hem toi hem 51"),
        ("100kg, 5 kg", "100kg 5 kg"),
        ("", ""),
        ("   \u{0}\u{7}\n", ""),
    ];
    for (written, folded) in table {
        assert_eq!(fold(written), folded, "{written}");
    }
}

#[test]
fn search_keeps_the_words_as_written() {
    assert_eq!(fold_for_search("  Ko có  NƯỚC,\n đường Lê Lai "), "ko co nuoc, duong le lai");
    assert_eq!(fold_for_search("Đ\u{1ea1}i h\u{1ecd}c"), "dai hoc");
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
        let once = fold_for_search(&text);
        prop_assert_eq!(fold_for_search(&once), once);
    }

    #[test]
    fn folding_words_twice_changes_nothing(text in "([a-zđăâêôơưáàảãạ]{1,9}[ ,.0-9]{1,2}){0,12}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn any_string_folds(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once.clone());
        prop_assert!(!once.contains("  "));
    }

    #[test]
    fn diacritics_and_composition_do_not_matter(text in "[a-zđăâêôơưáàảãạ ]{0,40}") {
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(fold(&decomposed), fold(&text));
    }
}
