//! What people write, and what everybody may read of it.

use super::plain;

#[test]
fn telephone_numbers() {
    let numbers = [
        "0901234567",
        "090 123 4567",
        "090.123.4567",
        "090-123-4567",
        "0901 234 567",
        "0901.234.567",
        "09 0123 4567",
        "0 9 0 1 2 3 4 5 6 7",
        "+84901234567",
        "+84 90 123 4567",
        "84901234567",
        "(+84) 90 123 4567",
        "+84 (0)90 123 4567",
        "0084 90 123 4567",
        "o901234567",
        "O9O1.234.567",
        "o9o 123 4567",
        "01234567890",
        "0168 123 4567",
        "02838291022",
        "028 3829 1022",
        "(028) 3829 1022",
        "028.38291022",
        "0283 829 1022",
        "0376543210",
        "0523 456 789",
        "0701234567",
        "０９０１２３４５６７",
        "090\u{200b}1234567",
        "0901-234-567",
        "0901 - 234 - 567",
        "0901–234–567",
        "090 1234567",
        "0901·234·567",
    ];
    for number in numbers {
        for text in ["@", "Gọi @ nhé", "sđt:@.", "(ĐT @)", "@/0912345678", "12 Lê Lợi, @, P.5"]
        {
            let got = plain(&text.replace('@', number));
            let digits = got.chars().filter(char::is_ascii_digit).count();
            let kept = text.chars().filter(char::is_ascii_digit).count();
            assert!(digits <= kept && got.contains("***"), "{number} in {text}: {got}");
        }
    }
    let table = [
        ("sdt0901234567gặp", "sdt***gặp"),
        ("số 5 0901234567 5 giờ", "số 5 *** 5 giờ"),
        ("0901234567-0912345678", "***-***"),
        ("gọi 38291022", "gọi ***"),
        ("(gọi 0901234567)", "(gọi ***)"),
    ];
    for (written, public) in table {
        assert_eq!(plain(written), public);
    }
}

#[test]
fn numbers_of_people_and_vehicles() {
    let table = [
        ("CMND 025123456 do CA TP cấp", "CMND *** do CA TP cấp"),
        ("cmnd 025 123 456", "cmnd ***"),
        ("số 025.123.456", "số ***"),
        ("CCCD: 079201001234", "CCCD: ***"),
        ("căn cước 079 201 001 234", "căn cước ***"),
        ("0792 0100 1234", "***"),
        ("079 123 456 789", "***"),
        ("số 079 123 456 789 của tôi", "số *** của tôi"),
        ("079-123-456-789", "***"),
        ("079 12345 6789", "***"),
        ("001 202 300 001", "***"),
        ("0 79 2 01 001234", "***"),
        ("079201 001234", "***"),
        ("cmnd025123456", "cmnd***"),
        ("225123456", "***"),
        ("xe 51F-123.45 đậu", "xe *** đậu"),
        ("xe 51F-12345", "xe ***"),
        ("59-X1 123.45", "***"),
        ("59-X1 12345", "***"),
        ("59X1-12345", "***"),
        ("59x1 12345", "***"),
        ("59X112345", "***"),
        ("51f-12345", "***"),
        ("51 F 12345", "***"),
        ("51F 1234", "***"),
        ("51LD-123.45", "***"),
        ("29AA-123.45", "***"),
        ("BS 51C – 123 45.", "BS ***."),
        ("80-NG-123-45", "***"),
        ("a.b+c@gmail.com.", "***."),
        ("mail nguyen_an@yahoo.com.vn nha", "mail *** nha"),
        ("an @ gmail.com", "***"),
        ("lan@gmail", "***"),
        ("stk 0071000123456 VCB", "stk *** VCB"),
        ("STK: 1903 4567 8901 12 Techcombank", "STK: *** Techcombank"),
        ("vietcombank 123456789", "vietcombank ***"),
        ("thẻ 9704 3612 3456 7890", "thẻ ***"),
        ("số tài khoản của tôi là 123456", "số tài khoản của tôi là ***"),
    ];
    for (written, public) in table {
        assert_eq!(plain(written), public, "{written}");
    }
}

#[test]
fn names_behind_titles() {
    let table = [
        ("anh Tuấn ở hẻm 5", "anh *** ở hẻm 5"),
        ("chị Nguyễn Thị Lan báo", "chị *** báo"),
        ("Bà Lan ở số 12", "Bà *** ở số 12"),
        ("gặp Ông Trần Văn Bảy, P.5", "gặp Ông ***, P.5"),
        ("ông Chủ tịch Nguyễn Văn Bình ký", "ông Chủ tịch *** ký"),
        ("tôi tên Lê Minh", "tôi tên ***"),
        ("tên là: Phạm Hùng", "tên là: ***"),
        ("Họ và tên: Võ Thị Sáu", "Họ và tên: ***"),
        ("con cô Hai với chú Bảy", "con cô *** với chú ***"),
        ("anh Thành Phường 5", "anh *** Phường 5"),
        ("ông NGUYỄN VĂN AN", "ông ***"),
        ("ANH NGUYỄN VĂN AN GỌI NGẬP NƯỚC ĐƯỜNG LÊ LỢI", "ANH *** NGẬP NƯỚC ĐƯỜNG LÊ LỢI"),
        ("anh Tuan bao mat nuoc", "anh *** bao mat nuoc"),
        ("Mr. John Smith called", "Mr. *** called"),
        ("nhờ anh Nguye\u{302}\u{303}n An giúp", "nhờ anh *** giúp"),
        ("người gọi: Đặng Thu Hà", "người gọi: ***"),
    ];
    for (written, public) in table {
        assert_eq!(plain(written), public, "{written}");
    }
}

#[test]
fn what_stays() {
    let stays = [
        "1022",
        "113, 114, 115",
        "gọi 113 114 115",
        "Hotline 1900 545 454",
        "gọi 1900545454",
        "tổng đài 1800 1091",
        "gọi 1900 1234 hoặc 1900 5678",
        "gọi 1022",
        "1.500.000 đồng",
        "150.000.000",
        "150 000 000 đồng",
        "150000000đ",
        "150000000 đ",
        "2,5 triệu",
        "12.000.000.000 VND",
        "tài khoản 2.000.000 đồng",
        "$100000000",
        "gọi 20.000.000 đồng",
        "819/13 Quang Trung, P.12, Q.GV",
        "số 12A đường 3/2",
        "lô B12-05",
        "47/3/15A",
        "1234/56/7",
        "12/05/2024",
        "12-05-2024",
        "12.05.2024 07:30",
        "ngày 09.12.2024 10 giờ",
        "2024-05-06 07:30:00",
        "20240506073000",
        "7h30-11h30",
        "13:00–17:00",
        "22h 1500 người",
        "từ 2015-2020",
        "HCM-26-000123-4",
        "HCM-26-090123-4 012",
        "mã HCM-26-091234-T",
        "31/2017/QH14",
        "Nghị định 15/2020/NĐ-CP",
        "1478/2020/QĐ-UBND",
        "số 4874/2023",
        "MST 0301234567",
        "mã số thuế 0312345678-001",
        "0312345678",
        "10.776889, 106.700806",
        "dài 20m 1500 viên",
        "12h 2024",
        "100kg 2500",
        "15k 20000",
        "PE13000123456",
        "Bà Rịa",
        "chợ Bà Chiểu",
        "đường Bà Hạt",
        "12 Cô Giang",
        "cầu Ông Lãnh",
        "cầu ông Lãnh",
        "phường Cô Giang",
        "đường Ông Ích Khiêm",
        "bà con Quận 5",
        "anh Công an phường",
        "ông Chủ tịch UBND",
        "giao với Bà Huyện Thanh Quan",
        "ông A và bà B",
        "cô giáo Trường Tiểu học",
        "có Công ty Cấp nước",
        "ánh Trăng",
        "tên đường Nguyễn Trãi",
        "Nguyễn Thị Minh Khai",
        "QL1A 2000",
        "cột 51/12/3",
        "thửa 123 tờ 45",
        "@ubnd",
        "5 kg @ 10k",
        "A@",
        "phường 15 quận 10",
        "KÍNH GỬI UBND PHƯỜNG 12 VÀ ANH EM CÔNG AN",
        "",
        "***",
        "anh ***, sđt ***",
    ];
    let covered: Vec<_> =
        stays.iter().map(|text| (text, plain(text))).filter(|(text, got)| **text != got).collect();
    assert!(covered.is_empty(), "{covered:#?}");
}
