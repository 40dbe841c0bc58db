//! Texts with what must, or must not, be seen in them.

use super::*;

/// Danger to life or a crime going on: handed over, however it is written.
pub(super) const DANGER: &[&str] = &[
    "chay nha roi cuu voi hem 12",
    "co ng bi dien giat nam im roi",
    "te xe chay mau nhieu qua goi cap cuu di",
    "con nit bi danh khoc thet nha ben canh",
    "co ng nhay cau Sai Gon kia",
    "ro ri gas nong nac ca hem",
    "có bé đuối nc ở kênh Tàu Hủ",
    "Nhà kế bên đang bốc cháy dữ dội, khói đen mù mịt",
    "xuong go chay lon qua lan qua nha dan roi",
    "xe máy bốc cháy giữa đường Cộng Hòa",
    "cháy trạm biến áp nổ đùng đùng",
    "binh gas no banh nha, co nguoi bi thuong",
    "Có người bị kẹt trong thang máy chung cư, không thở được",
    "tường sập đè 2 thợ hồ",
    "gian giao sap nhieu nguoi bi thuong",
    "chìm ghe trên sông Soài Rạp, 3 người mất tích",
    "cháu bé rớt xuống kênh Nhiêu Lộc rồi, kêu người cứu với",
    "ông cụ nằm bất tỉnh trước cổng chợ",
    "bà ngoại em đột quỵ, gọi 115 giùm",
    "vợ tui sắp sanh mà kẹt giữa đường, vỡ ối rồi",
    "tai nạn xe container cán người ở ngã tư Thủ Đức, máu me đầy đường",
    "xe tai tong xe may, nguoi nam bat dong",
    "co 1 ba bi xe tong gay chan o nga tu bay hien",
    "nó cầm dao rượt chém người ta kìa",
    "hai nhom thanh nien danh nhau bang ma tau truoc quan nhau",
    "đâm chết người rồi công an đâu",
    "cướp giật điện thoại của tôi ngay trước ga metro, vừa xong",
    "em mới bị giựt dây chuyền ở Bùi Viện",
    "trộm đang leo vô nhà hàng xóm",
    "trom vo nha lay het do roi, moi phat hien",
    "hàng xóm đánh con nhỏ 5 tuổi bầm tím hết người, nó khóc suốt",
    "thằng chồng đang đánh vợ dã man, chị ấy kêu cứu",
    "cô giáo mầm non tát và nhốt trẻ",
    "có đứa bé bị bỏ rơi trước cổng chùa",
    "cháu gái 8 tuổi bị ông hàng xóm dâm ô",
    "cây đổ đè trúng người đi xe máy, chảy máu đầu",
    "nhanh cay roi trung dau nguoi di duong, bat tinh",
    "dây điện đứt rớt trúng người, bị giật nằm tại chỗ",
    "ăn tiệc xong 20 người ói mửa nhập viện cấp cứu",
    "uống thuốc trừ sâu tự tử rồi, nhà ở hẻm 5",
    "có thanh niên đòi nhảy lầu chung cư",
    "phát hiện xác người trôi trên sông Sài Gòn",
    "đào móng phát hiện quả bom",
    "ngáo đá cầm rựa chém loạn xạ",
    "bac tai bi ngop khi nam trong bon",
    "thợ chui xuống cống bị ngạt khí 2 người",
    "bé nuốt pin hóc tím tái",
    "bị rắn cắn sưng tay, cần xe cứu thương",
    "kho hoa chat chay khoi vang nong nac",
    "chợ cháy rồi trời ơi",
    "lua chay lan qua may can nha ben canh",
    "cửa cuốn kẹt, cả nhà trong đám cháy không thoát ra được",
    "ng ta bi dien giat chet o cho ngap",
    "xe khách lật có nhiều người kẹt bên trong",
    "nuoc cuon troi em be roi",
    "bị xe buýt quẹt té gãy tay nằm giữa đường",
    "khung bo bang sung trong ngan hang",
    "nguoi dan ong xiu ngoai duong",
    "chồng em lên cơn đau tim khó thở",
    "em bé sốt co giật, đường ngập không đi được",
    "alo 114 ơi, quán nhậu góc ngã ba cháy lan qua tiệm sửa xe",
    "bep cua quan pho boc chay, bình ga sắp nổ",
    "khói bốc nghi ngút từ tầng 4 chung cư, có tiếng kêu cứu",
    "xe buyt boc khoi roi chay, hanh khach dang chay xuong",
    "tủ điện cháy nổ lẹt đẹt lan vô nhà dân",
    "mùi gas bay khắp hành lang, ai đó xuống kiểm tra gấp",
    "binh oxy phat no lam 3 nguoi bi thuong",
    "Có người té xuống giếng sâu không lên được",
    "dua nho rot xuong ao chua thay noi len",
    "con tui bị nước cuốn vô cống rồi cứu với",
    "ghe chở gạo bị lật giữa sông, người ta đang bám vô be ghe",
    "cô gái trẻ đang đứng trên thành cầu Thủ Thiêm định tự vẫn",
    "nguoi ta leo len tang thuong doi nhay xuong dat",
    "cẩu công trình đổ sập xuống đường trúng xe máy có người kẹt",
    "bang hieu rot trung dau ba ban ve so, mau chay nhieu lam",
    "chú bảo vệ bị điện giật té xỉu",
    "bị giật điện khi lội nước, thằng bé nằm im",
    "Ông già bị té xe máy bất tỉnh, đầu chảy máu",
    "hai xe may tong nhau, 1 nguoi nam khong nhuc nhich",
    "xe ben cán qua chân một chị bán hàng",
    "tai nạn liên hoàn trên cao tốc, nhiều người bị thương",
    "xe dien gay tai nan roi bo chay, nan nhan chan thuong",
    "má tui khó thở tím tái cần xe cấp cứu liền",
    "người đi bộ ngất xỉu vì nắng ở công viên",
    "vo em dau bung de, o tren gac tro, goi xe gium",
    "bạn cùng phòng uống cả vỉ thuốc ngủ, gọi không dậy",
    "con nho 3t bi hoc keo tim mat",
    "cả bếp ăn ngộ độc, hơn 30 công nhân nôn ói",
    "nhóm giang hồ cầm hung khí kéo tới đập phá quán",
    "co 2 thang dang cay cua tiem vang",
    "vừa bị hai thanh niên đi xe máy giật túi xách té trầy tay",
    "cướp ngân hàng, nó có súng",
    "bọn nó đang đánh hội đồng một em học sinh",
    "nghe tiếng súng nổ trong hẻm",
    "thang say xin cam dao doa dam ca nha",
    "chong danh toi bat tinh, con toi goi gium",
    "bé trai bị mẹ kế đánh roi đầy lưng, khóc cả đêm",
    "thay co nguoi dan ong dan be gai vo bui ram, be khoc",
    "trẻ sơ sinh bị vứt trong thùng rác còn sống",
    "con tôi bị bắt cóc",
    "có kẻ lạ đột nhập vô phòng trọ nữ",
    "người đàn ông đòi tạt axit vợ cũ",
    "đất sạt vùi lấp công nhân đang đào cống",
    "bị ong vò vẽ chích mấy chục con, người sưng phù khó thở",
    "có xác phụ nữ nổi trên kênh",
];

/// Figures of speech, fears, what is over, damage without anybody hurt.
pub(super) const NO_DANGER: &[&str] = &[
    "cháy hàng rồi shop ơi",
    "cuối tháng cháy túi mà tiền điện tăng",
    "bóng đèn đường cháy mấy bóng rồi",
    "chay bong den hem 33 1 tuan chua thay",
    "xe chết máy vì ngập nước",
    "kẹt xe chết luôn, đứng 2 tiếng",
    "nắng cháy da mà không có nhà chờ xe buýt",
    "chợ đánh nhau giá cả, chặt chém khách",
    "trụ cứu hỏa hư không có nước",
    "hẻm nhỏ xe cứu hỏa không vô được nếu có cháy",
    "Hôm qua có vụ cháy đã dập tắt, rác cháy còn để đầy đường",
    "tháng trước có người té gãy tay vì ổ gà này",
    "nguy cơ cháy nổ do chiết gas trong nhà",
    "sợ trẻ em lọt xuống cống vì mất nắp",
    "mất nắp cống nguy hiểm chết người, che lại giùm",
    "dây điện đứt rơi xuống đường kìa",
    "tủ điện hở nắp coi chừng giật chết người",
    "trụ điện nghiêng sắp ngã vô nhà dân",
    "cây ngã chắn hết đường",
    "giá vé giật mình luôn",
    "nước máy yếu rớt từng giọt",
    "nước chảy tràn ra đường do bể ống",
    "nuoc chay tu ong be ra duong",
    "đường tối hay bị cướp giật, xin gắn đèn",
    "xe buýt phóng nhanh ép té người ta hoài",
    "bệnh viện cấp cứu chờ lâu quá, thái độ bác sĩ tệ",
    "phòng cấp cứu bệnh viện quận đông quá",
    "karaoke hát như tra khảo, muốn nổ cái đầu",
    "cúp điện nóng muốn xỉu",
    "mùi cống hôi muốn ngất",
    "đèn đỏ đếm lộn số xe cộ tông nhau hoài",
    "công ty nợ lương, công nhân đình công trước cổng",
    "con chó chết trôi trên kênh",
    "chó cắn người bỏ chạy",
    "tiền nước tăng sốc muốn té ghế",
    "mạng chậm giật lag",
    "ca cong ty bi tru luong, buc xuc",
    "xe rác chảy nước ra đường hôi quá",
    "tôi cần gặp cán bộ hướng dẫn thủ tục",
    "vẽ bậy lên tường, quảng cáo khoan cắt bê tông",
    "cây khô sắp gãy, sợ rớt trúng người đi đường",
    "xe tai chay nhanh qua truong hoc de gay tai nan",
    "ho ga ho nguy hiem de te xe",
    "xe chay nhieu qua bui mu mit",
    "đốt rác khói mù mịt khó thở quá",
    "dot rac khoi den ca xom khong tho noi",
    "cha me di lam, con nit choi da banh duoi long duong",
    "Con em học lớp 1 ăn bán trú 30 ngàn",
    "đèn đỏ cháy bóng xanh",
    "đèn hẻm cháy hết trơn, tối thui",
    "điện áp yếu, cháy motor máy bơm nước",
    "phi thuyền phim hành động bắn nhau ồn cả xóm lúc nửa đêm",
    "bé nhà em học trường này, cổng trường ngập hoài",
    "tiệm gas chất bình tràn ra vỉa hè",
    "thùng rác bị đốt hôm kia giờ còn hôi khét",
    "nước đen chảy tràn hố ga",
    "ổ gà làm người ta té hoài, sửa đi",
    "xe tải đậu che hết tầm nhìn dễ gây tai nạn",
    "cây xanh rễ trồi làm nứt nền nhà tôi",
    "tài xế bus chửi khách như tát nước",
    "giá sữa tăng té xỉu",
    "quán bar mở nhạc đập thình thịch đau tim quá",
    "cấp nước chập chờn, máy bơm chết",
    "cảm ơn các anh chữa cháy tối qua đã dập lửa kịp thời",
    "xin lịch tập huấn phòng cháy chữa cháy",
    "con đường này từng xảy ra nhiều vụ cướp, xin lắp camera",
    "hôm trước có tai nạn làm gãy lan can, tới nay chưa sửa",
    "trạm biến áp kêu ù ù sợ nổ",
    "bà con đấu giá rau đánh nhau giành khách",
    "cửa hàng xăng gian lận, cướp tiền trắng trợn",
    "ban chay phao hoa o dau",
    "tau hoa chay qua rung nha",
    "trời nóng cháy người mà cúp điện",
    "xe đạp bị mất hồi tháng trước tìm dùm không?",
];

/// Only for the sealed stream.
pub(super) const SEALED: &[&str] = &[
    "tố cáo chủ tịch phường nhận tiền",
    "can bo dia chinh doi 5 trieu moi ky giay",
    "nhà số 5 tụ tập đánh bạc, xin giấu tên tôi",
    "phong tro cuoi hem ban ma tuy, dung noi ten toi nha",
    "có sòng bài xập xám ngày nào cũng đông",
    "đá gà ăn tiền sau nhà văn hóa",
    "bọn cho vay nặng lãi tạt sơn nhà tui",
    "bi khung bo doi no qua dien thoai du khong vay",
    "chồng say xỉn đánh đập vợ con",
    "trẻ bị bạo hành ở nhóm trẻ tư nhân",
    "công an khu vực vòi tiền quán nhậu",
    "massage trá hình bán dâm",
    "tụi nó hút chích trong công viên mỗi đêm",
    "nghi buon ban hang cam, mong giu bi mat cho nguoi bao tin",
    "trưởng phòng nhận hối lộ",
    "tôi sợ bị trả thù nên không dám nêu tên",
    "ghi số đề công khai đầu hẻm",
    "đội trật tự bảo kê cho lấn chiếm, nhận tiền hàng tháng",
    "con bé bị cha dượng xâm hại",
    "khiếu nại quyết định thu hồi đất",
    "nhờ kiểm tra căn nhà số 8, đêm nào cũng có tụ tập chơi xóc đĩa",
    "thằng hàng xóm nghiện hút, hay mua bán hàng trắng, tui sợ nó trả thù",
    "cong an phuong lam tien cac quan karaoke hang thang",
    "chu tich xa cho nguoi nha lan dat cong, xin giu kin ten toi",
    "bị tụi đòi nợ thuê ném mắm tôm vô nhà",
    "app cho vay khủng bố cả nhà em",
    "quan ca phe tra hinh co gai mai dam",
    "bac si doi phong bi moi mo",
    "ba dượng hay sờ mó con gái riêng của vợ",
    "cháu nội bị mẹ nó đánh đập bỏ đói",
    "đám cá độ bóng đá ở quán cà phê đầu hẻm",
    "xin đừng để lộ danh tính người phản ánh",
    "mong giấu thông tin cá nhân vì sợ bị hăm dọa",
    "tụ điểm hút bóng cười, ma túy trong khách sạn",
    "cho vay lãi cắt cổ, siết nợ dân nghèo",
    "kế toán trường học rút ruột tiền ăn của trẻ",
];

/// Everyday matters with words that sound like sealed ones.
pub(super) const OPEN: &[&str] = &[
    "đường ngập nước sau mưa lớn",
    "tờ rơi tín dụng đen dán đầy cột điện",
    "hàng quán lấn chiếm vỉa hè",
    "bảo vệ bệnh viện thái độ lồi lõm",
    "xe ba gác chở đá gạch rơi vãi",
    "đề nghị công khai số điện thoại đường dây nóng",
    "di bo tren via he khong duoc vi xe dau kin",
    "cơ quan nào quản lý cái cống này",
    "nhà ma túi rác đầy",
    "mấy con chó đi bậy",
    "xin giữ kỹ hồ sơ giùm",
    "nắp cống bể, xe lọt bánh",
    "chủ nhà trọ thu tiền điện giá cao",
    "con chó hàng xóm cắn người",
    "dân nhậu hát karaoke tới khuya",
    "tiệm net mở quá giờ",
    "đá gạch đổ giữa đường gà què",
    "công nhân mất việc hỏi trợ cấp",
    "giấy tờ giữ ở phường chưa trả",
    "bảo hiểm y tế không chi trả",
    "xe đá lạnh chạy ẩu",
    "cần bán đá chẻ",
    "trẻ em chơi dưới lòng đường nguy hiểm",
    "cô giáo dạy thêm thu tiền cao",
    "bài viết quảng cáo cho vay dán khắp trụ điện",
];

#[test]
fn no_danger_is_missed() {
    let missed: Vec<_> =
        DANGER.iter().filter(|text| CITY.classify(text).kind != Kind::Emergency).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Typed without marks, and shouted.
#[test]
fn no_danger_is_missed_without_marks() {
    // "cho chay roi" is as well a dog that ran away.
    let otherwise = ["chợ cháy rồi trời ơi"];
    let bare = DANGER.iter().filter(|text| !otherwise.contains(text)).map(|t| crate::text::fold(t));
    let missed: Vec<_> = bare
        .filter(|text| {
            CITY.classify(text).handoff.is_none()
                || CITY.classify(&format!("{}!!!", text.to_uppercase())).handoff.is_none()
        })
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn figures_of_speech_and_damage_call_nobody() {
    let called: Vec<_> =
        NO_DANGER.iter().filter_map(|text| Some((text, CITY.classify(text).handoff?))).collect();
    assert!(called.is_empty(), "{called:#?}");
}

#[test]
fn sealed_matters_are_sealed() {
    let shown: Vec<_> = SEALED.iter().filter(|text| !CITY.classify(text).confidential).collect();
    assert!(shown.is_empty(), "{shown:#?}");
}

#[test]
fn everyday_matters_stay_open() {
    let sealed: Vec<_> = OPEN.iter().filter(|text| CITY.classify(text).confidential).collect();
    assert!(sealed.is_empty(), "{sealed:#?}");
}

#[test]
fn the_right_service_is_called() {
    let table = [
        ("chay nha roi cuu voi hem 12", Handoff::Fire),
        ("ro ri gas nong nac ca hem", Handoff::Fire),
        ("có bé đuối nc ở kênh Tàu Hủ", Handoff::Fire),
        ("co ng bi dien giat nam im roi", Handoff::Ambulance),
        ("te xe chay mau nhieu qua goi cap cuu di", Handoff::Ambulance),
        ("hai nhom thanh nien danh nhau bang ma tau truoc quan nhau", Handoff::Police),
        ("con nit bi danh khoc thet nha ben canh", Handoff::ChildProtection),
    ];
    for (text, service) in table {
        assert_eq!(CITY.classify(text).handoff, Some(service), "{text}");
    }
}

#[test]
fn kinds_by_the_words_and_by_the_category() {
    let table = [
        ("Đèn đường trước nhà số 5 không sáng ba hôm rồi", Kind::Incident),
        ("bao giờ mới sửa ổ gà đường này", Kind::Incident),
        ("Xin hỏi ngày mai phường 5 quận 11 có cúp điện không", Kind::Question),
        ("Hiến kế: trồng cây xanh trên dải phân cách", Kind::Proposal),
        ("Nộp hồ sơ đổi sổ hồng hai tháng chưa được trả, trễ hẹn", Kind::Procedure),
        ("Doanh nghiệp chúng tôi xin hỏi thủ tục hoàn thuế", Kind::Enterprise),
        ("Tôi khiếu nại quyết định thu hồi đất của ủy ban", Kind::Complaint),
        ("Tố cáo cán bộ địa chính nhận hối lộ", Kind::Denunciation),
        ("Cháy nhà ở hẻm 12", Kind::Emergency),
    ];
    for (text, kind) in table {
        let got = CITY.classify(text);
        assert_eq!(got.kind, kind, "{text}: {got:?}");
    }
}
