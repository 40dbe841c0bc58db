//! What the commands of citizens carry.

use serde::Deserialize;

use crate::private::{Private, accept, accept_option};

payload!(
    /// The citizen's answer.
    Reply {
        /// The answer.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        text: Private<String>,
    }
);
payload!(
    /// Rate the answer.
    Rate {
        /// 1 (bad) to 5 (good).
        score: u8,
        /// What the citizen adds.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        comment: Option<Private<String>>,
    }
);
payload!(
    /// Reopen: it is not fixed.
    Reopen {
        /// What is still wrong.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// Appeal to the coordinators.
    Appeal {
        /// Why.
        #[serde(deserialize_with = "accept")]
        #[schema(value_type = String)]
        reason: Private<String>,
    }
);
payload!(
    /// Say anew whether the case may be public, and whether one's name is hidden. What is left out
    /// stays.
    Choose {
        /// The case may be public; the first reporter's to say.
        #[serde(default)]
        public: Option<bool>,
        /// The name is shown to nobody but the desk, which reads it with a reason.
        #[serde(default)]
        anonymous: Option<bool>,
    }
);
payload!(
    /// Take the feedback back.
    Withdraw {
        /// Why, if the citizen says so.
        #[serde(default, deserialize_with = "accept_option")]
        #[schema(value_type = Option<String>)]
        reason: Option<Private<String>>,
    }
);
