//! Why two feedbacks may be one matter, in both languages.

use jiff::SignedDuration;

/// One reason.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Their points are so many metres apart.
    Near(u32),
    /// They name the same house.
    SameHouse,
    /// They name the same street, market, crossing …
    SameStreet,
    /// The same ward.
    SameWard,
    /// The same district.
    SameDistrict,
    /// They share words: how alike in per cent.
    Words(u32),
    /// The same category.
    SameCategory,
    /// The same sector.
    SameSector,
    /// They were received so far apart.
    Within(SignedDuration),
}

impl Reason {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Near(_) => "near",
            Self::SameHouse => "same_house",
            Self::SameStreet => "same_street",
            Self::SameWard => "same_ward",
            Self::SameDistrict => "same_district",
            Self::Words(_) => "similar_words",
            Self::SameCategory => "same_category",
            Self::SameSector => "same_sector",
            Self::Within(_) => "close_in_time",
        }
    }

    /// In Vietnamese.
    pub fn vi(&self) -> String {
        match self {
            Self::Near(metres) => format!("Cùng nơi, cách {metres} m."),
            Self::SameHouse => "Cùng số nhà, cùng đường.".to_owned(),
            Self::SameStreet => "Cùng tên đường hoặc địa điểm.".to_owned(),
            Self::SameWard => "Cùng phường, xã.".to_owned(),
            Self::SameDistrict => "Cùng quận, huyện.".to_owned(),
            Self::Words(percent) => format!("Từ ngữ giống nhau {percent}%."),
            Self::SameCategory => "Cùng loại việc.".to_owned(),
            Self::SameSector => "Cùng lĩnh vực.".to_owned(),
            Self::Within(apart) => format!("Tiếp nhận cách nhau {}.", span(*apart).0),
        }
    }

    /// In English.
    pub fn en(&self) -> String {
        match self {
            Self::Near(metres) => format!("Same place, {metres} m apart."),
            Self::SameHouse => "The same house number and street.".to_owned(),
            Self::SameStreet => "The same street or place by name.".to_owned(),
            Self::SameWard => "The same ward.".to_owned(),
            Self::SameDistrict => "The same district.".to_owned(),
            Self::Words(percent) => format!("The words are {percent}% alike."),
            Self::SameCategory => "The same category.".to_owned(),
            Self::SameSector => "The same sector.".to_owned(),
            Self::Within(apart) => format!("Received within {}.", span(*apart).1),
        }
    }
}

/// A span in whole minutes, hours or days, rounded up.
fn span(apart: SignedDuration) -> (String, String) {
    let minutes = (apart.as_secs() + 59) / 60;
    match minutes.max(1) {
        minutes @ ..=89 => (format!("{minutes} phút"), format!("{minutes} min")),
        minutes @ ..=2_159 => {
            let hours = (minutes + 59) / 60;
            (format!("{hours} giờ"), format!("{hours} h"))
        }
        minutes => {
            let days = (minutes + 1_439) / 1_440;
            (format!("{days} ngày"), format!("{days} days"))
        }
    }
}
