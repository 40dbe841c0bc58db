//! `hoiam log export --case`: a case as evidence. That it leaves the house is recorded before it
//! does; who a denouncer is goes along only by a request that two members of the group made.

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::sealed::RevealRejection;

use super::{ExportArgs, Out, failure};
use crate::archive::{ArchiveError, Exported, Wanted, export};
use crate::cli::Failure;
use crate::config::Config;
use crate::desk::{Desk, DeskError};
use crate::http::sealed_refusal::in_vietnamese;
use crate::sealed::SealedError;
use crate::sealed::reading::hand_out;

/// What is said when clear text leaves the database.
const WARNING: &str = "tệp này chứa dữ liệu cá nhân ở dạng đọc được; hãy giữ như giữ chính hồ sơ\n\
     hoiam: this file holds personal data in clear; keep it as you keep the case itself";
/// What is said when who reported it does not.
const WITHHELD: &str = "người tố cáo vẫn được niêm phong trong tệp; hai người của tổ hồ sơ mật chấp thuận rồi \
     thì thêm --reveal\n\
     hoiam: who denounced stays sealed in this file; once two members of the group agreed, name their request \
     with --reveal";

/// Records that the case is taken out, and writes it.
pub(super) async fn write(
    desk: &Desk,
    args: &ExportArgs,
    config: &Config,
    out: &mut Out,
) -> Result<Exported, Failure> {
    let Some(number) = &args.case else { return Err(Failure::usage("--case")) };
    let id = desk.find(number).await.map_err(|error| match error {
        DeskError::NotFound => failure(ArchiveError::NoCase(number.to_string())),
        error => error.into(),
    })?;
    let case = desk.case(id).await?;
    let by = Actor::new(Role::Administrator, args.by.clone());
    let known = hand_out(desk, &by, &case, args.reveal, args.reason.clone()).await;
    let known = known.map_err(refused)?;
    eprintln!("hoiam: {WARNING}");
    if !known {
        eprintln!("hoiam: {WITHHELD}");
    }
    let wanted = Wanted {
        case: Some(number.clone()),
        from: args.from,
        to: args.to,
        without_contact: !known,
    };
    export(desk.log(), &config.prefix, &wanted, out).await.map_err(failure)
}

/// 2 where another reason or request must be given, 1 where something failed.
pub(in crate::cli) fn refused(error: SealedError) -> Failure {
    match error {
        SealedError::Reveal(no @ RevealRejection::Reason) => Failure::usage(format!(
            "hồ sơ này được niêm phong; hãy nêu --reason. {}\n\
             hoiam: something is sealed in this case: say why with --reason; {no}",
            in_vietnamese(&no)
        )),
        SealedError::Reveal(no) => Failure::usage(format!("{}\nhoiam: {no}", in_vietnamese(&no))),
        other => other.into(),
    }
}
