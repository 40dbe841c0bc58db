//! Masks: what is covered, what stays, and laws over any text.

mod laws;
mod tables;

use super::*;

fn plain(text: &str) -> String {
    mask(text, &Known::default()).text
}

#[test]
fn known_things_are_covered_however_they_are_written() {
    let mut known = Known::default();
    known.name("Nguyễn Thị Mai Lan");
    known.name("Đạt");
    known.phone("+84 90 123 4567");
    known.address("819/13 Quang Trung, P.12, Q. Gò Vấp");
    let table = [
        ("nguyen thi mai lan o day", "*** o day"),
        ("NGUYỄN THỊ MAI LAN đây", "*** đây"),
        ("Mai Lan gọi, không phải cây mai", "*** gọi, không phải cây mai"),
        ("Đạt báo là đã đạt yêu cầu", "*** báo là đã đạt yêu cầu"),
        ("0901234567", "***"),
        ("o chỗ 090/123/45/67 nha", "o chỗ *** nha"),
        ("nhà 819/13 quang trung bị ngập", "nhà *** bị ngập"),
        ("đường Quang Trung ngập, P.12", "đường Quang Trung ngập, P.12"),
        ("số 819 Quang Trung", "số 819 Quang Trung"),
    ];
    for (written, public) in table {
        assert_eq!(mask(written, &known).text, public, "{written}");
    }
    assert_eq!(format!("{known:?}"), "[private]");
}

#[test]
fn counts_what_it_covers() {
    let text = "Anh Tuấn 0901234567, a@b.vn, CCCD 079201001234, xe 59X1-12345, stk 0123456789";
    let masked = mask(text, &Known::default());
    assert_eq!(masked.text, "Anh *** ***, ***, CCCD ***, xe ***, stk ***");
    let counts = Counts { known: 0, phones: 1, mails: 1, ids: 1, plates: 1, accounts: 1, names: 1 };
    assert_eq!((masked.counts, counts.total()), (counts, 6));
}
