//! Words that say nothing about the matter, and words by which places are found.

/// Folded words so common in feedback that sharing them means nothing.
const COMMON: &[&str] = &[
    "ad", "ai", "an", "anh", "bac", "ban", "bao", "bay", "bi", "biet", "bo", "boi", "ca", "cac",
    "cach", "cai", "cam", "can", "cang", "chang", "chi", "chia", "chiec", "chieu", "cho", "chu",
    "chua", "chung", "co", "con", "cua", "cung", "cuoi", "da", "dan", "dang", "dau", "day", "de",
    "di", "dia", "do", "doan", "doi", "don", "du", "dua", "dung", "duoc", "duoi", "duong", "em",
    "gan", "gap", "ghi", "gi", "gia", "giai", "gio", "giua", "giup", "ha", "hai", "han", "hay",
    "hem", "het", "hien", "hoai", "hoi", "hom", "hon", "hong", "huyen", "it", "ke", "kenh", "khi",
    "kho", "khong", "khu", "kia", "kieu", "kinh", "la", "lai", "lam", "lan", "lau", "len", "lien",
    "lieu", "loi", "luc", "luon", "luong", "ly", "ma", "may", "me", "minh", "moi", "mong", "mot",
    "muon", "nam", "nao", "nay", "nen", "neu", "nga", "ngang", "ngay", "nghe", "ngoai", "nguoi",
    "nha", "nhat", "nhanh", "nhieu", "nho", "nhu", "nhung", "nhan", "noi", "nua", "of", "on",
    "phai", "phan", "phia", "phong", "phuong", "qua", "quan", "quy", "ra", "rang", "rat", "roi",
    "sang", "sao", "sau", "som", "so", "suot", "tai", "tao", "thanh", "the", "theo", "thi", "thoi",
    "thoy", "toi", "tp", "tra", "trach", "tren", "trong", "truoc", "tu", "tuan", "tui", "tuyen",
    "ty", "va", "van", "vao", "vay", "ve", "vi", "viec", "vo", "voi", "vu", "vua", "xa", "xe",
    "xem", "xin", "xu",
];

/// Whether sharing this word means something.
pub(super) fn tells(word: &str) -> bool {
    let letters = word.chars().count();
    letters > 1 && !word.starts_with(|c: char| c.is_ascii_digit()) && !COMMON.contains(&word)
}

/// Words before the name of a street or of something everybody knows.
pub(super) const MARKERS: &[&[&str]] = &[
    &["duong"],
    &["dg"],
    &["hem"],
    &["pho"],
    &["cau"],
    &["cho"],
    &["kenh"],
    &["rach"],
    &["truong"],
    &["nga", "tu"],
    &["nga", "ba"],
    &["nga", "sau"],
    &["vong", "xoay"],
    &["chung", "cu"],
    &["cu", "xa"],
    &["cong", "vien"],
    &["benh", "vien"],
    &["ben", "xe"],
    &["quoc", "lo"],
    &["tinh", "lo"],
    &["khu", "do", "thi"],
    &["ho", "con", "rua"],
];

/// Words before the name of a district or ward, which is no street.
pub(super) const AREAS: &[&str] =
    &["quan", "q", "huyen", "h", "phuong", "p", "f", "xa", "tp", "pho", "tran", "tt", "tinh", "cu"];

/// Family names of people whom streets are named after.
pub(super) const FAMILY: &[&str] = &[
    "bui", "cao", "dang", "dao", "dinh", "do", "doan", "duong", "ha", "ho", "hoang", "huynh", "la",
    "lam", "le", "luong", "luu", "ly", "mac", "mai", "ngo", "nguyen", "ong", "pham", "phan",
    "phung", "quach", "ta", "to", "ton", "tran", "trinh", "truong", "tu", "vo", "vu",
];

/// Words after a family name after which the name goes on: "Lê Văn …" is many streets.
pub(super) const MIDDLE: &[&str] = &[
    "ba", "cong", "dinh", "duc", "duy", "hoang", "huu", "huy", "khac", "mang", "minh", "ngoc",
    "nhu", "phu", "quang", "quoc", "si", "tan", "thanh", "the", "thi", "thien", "trong", "trung",
    "truong", "tuan", "van", "viet", "vinh", "xuan",
];

/// First words of streets, for texts without a single capital.
pub(super) const FIRST: &[&str] = &[
    "an", "ap", "au", "ba", "bach", "binh", "bui", "cach", "cao", "chau", "chu", "cong", "cuu",
    "dang", "dao", "dien", "dinh", "do", "doan", "dong", "duong", "ha", "hai", "han", "hau",
    "hoang", "ho", "hong", "hung", "huong", "huynh", "kha", "khanh", "kinh", "lac", "lam", "le",
    "luong", "luy", "ly", "mac", "mai", "nam", "ngo", "nguyen", "nhat", "ni", "no", "pham", "phan",
    "pho", "phu", "phung", "quach", "quang", "song", "su", "ta", "tan", "thach", "thanh", "thich",
    "thong", "thoai", "to", "ton", "tran", "trinh", "truong", "tu", "ung", "van", "vinh", "vo",
    "vu", "vuon", "xo", "yersin",
];

/// What a number counts, when it is no house.
pub(super) const COUNTED: &[&str] = &[
    "an", "ban", "ben", "buoi", "cai", "can", "cay", "chiec", "chieu", "cho", "con", "cot", "dem",
    "doan", "don", "dong", "em", "gio", "ho", "hom", "kg", "km", "lan", "lit", "lo", "m", "met",
    "nam", "ngay", "ngoi", "nguoi", "nha", "phan", "phut", "sang", "tang", "thang", "tieng", "toi",
    "trieu", "tru", "tuan", "vu", "xe", "h", "g", "a", "b",
];
