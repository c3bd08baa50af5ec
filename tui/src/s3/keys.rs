//! The keys of S3's views.

use crate::keys::{Action, Binding, Scope, bind};

/// What keys do here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The versions of what is selected.
    Versions,
    /// The versions of everything in the folder.
    AllVersions,
    /// Mark the row.
    Mark,
    /// Mark every object that is loaded, or none.
    MarkAll,
    /// Write the object to a file.
    Download,
    /// Write a file to an object.
    Upload,
    /// Make a URL that anybody can use for a while.
    Presign,
    /// Show the preview in another form.
    Form,
    /// The whole width for the object.
    Zoom,
    /// Call transfers off.
    Stop,
    /// The calls about what is selected.
    Calls,
}

const BUCKETS: &[Scope] = &[Scope::Buckets];
const FOLDER: &[Scope] = &[Scope::Objects];
const BELOW: &[Scope] = &[Scope::Objects, Scope::Versions];
const LISTS: &[Scope] = &[Scope::Buckets, Scope::Objects, Scope::Versions];
const OBJECT: &[Scope] = &[Scope::Object];
const OBJECTS: &[Scope] = &[Scope::Objects, Scope::Versions, Scope::Object];
const ALL: &[Scope] = &[Scope::Buckets, Scope::Objects, Scope::Versions, Scope::Object];

/// The keys of this view.
pub(crate) const KEYS: &[Binding] = &[
    bind(Action::Open, &["enter", "l", "right"], LISTS, "open", "Open the bucket, folder or object"),
    bind(Action::Open, &["enter"], OBJECT, "", "Open the row of a table, the line of NDJSON; fold JSON"),
    bind(Action::Back, &["esc", "h", "left", "backspace"], BELOW, "up", "Call a listing off, show all again, or go up"),
    bind(Action::Back, &["esc"], BUCKETS, "", "Call the listing off, or show all again"),
    bind(Action::Back, &["esc", "backspace"], OBJECT, "back", "Back to the listing"),
    bind(Action::Left, &["h", "left"], OBJECT, "", "To the left; from there, back to the listing"),
    bind(Action::Right, &["l", "right"], OBJECT, "", "To the right, where lines or tables go on"),
    bind(Action::S3(Act::Form), &["p"], OBJECT, "form", "Show it as text, JSON, lines, a table, or bytes"),
    bind(Action::Next, &["tab"], OBJECT, "metadata", "Between preview and metadata"),
    bind(Action::Previous, &["backtab"], OBJECT, "", "Between preview and metadata, the other way round"),
    bind(
        Action::Filter,
        &["/"],
        LISTS,
        "filter",
        "What begins so in this folder; *text looks among the rows that are loaded",
    ),
    bind(Action::Search, &["/"], OBJECT, "search", "Search in what is shown"),
    bind(Action::S3(Act::Download), &["d"], OBJECTS, "download", "Write the object to a file"),
    bind(Action::S3(Act::Upload), &["u"], FOLDER, "upload", "Write a file to an object here"),
    bind(Action::S3(Act::Versions), &["v"], BELOW, "versions", "The versions of what is selected, or back to objects"),
    bind(Action::S3(Act::AllVersions), &["V"], FOLDER, "", "All versions and delete markers in this folder"),
    bind(Action::Copy, &["y"], ALL, "copy", "Copy the key, s3:// URI, ARN, or a command that fetches it"),
    bind(Action::S3(Act::Mark), &["space"], BELOW, "mark", "Mark the row, to delete or list several"),
    bind(Action::S3(Act::MarkAll), &["a"], BELOW, "", "Mark every object that is loaded, or none"),
    bind(Action::Delete, &["D", "delete"], OBJECTS, "delete", "Delete what is marked or selected; it is asked before"),
    bind(Action::S3(Act::Presign), &["P"], OBJECTS, "presign", "Make a URL that anybody can use for a while"),
    bind(Action::More, &["n"], LISTS, "", "Fetch the next page"),
    bind(Action::More, &["n"], OBJECT, "", "The next match of a search; without one, more of the object"),
    bind(Action::PreviousMatch, &["N"], OBJECT, "", "The match before"),
    bind(Action::Fold, &["space"], OBJECT, "fold", "Fold or unfold the part of JSON under the cursor"),
    bind(Action::FoldAll, &["z"], OBJECT, "", "Fold or unfold everything"),
    bind(Action::Wrap, &["w"], OBJECT, "", "Wrap long lines, or cut them"),
    bind(Action::S3(Act::Zoom), &["f"], OBJECT, "", "The whole width for the object, or the listing beside it"),
    bind(Action::Export, &["x"], LISTS, "export", "Write the listing to a file, as NDJSON or CSV"),
    bind(Action::Refresh, &["r"], ALL, "refresh", "List or fetch it anew"),
    bind(Action::S3(Act::Calls), &["c"], ALL, "", "The calls about the bucket or the key"),
    bind(Action::S3(Act::Stop), &["X"], ALL, "", "Call downloads and uploads off"),
];
