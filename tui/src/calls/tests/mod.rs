pub(crate) mod make;
pub(crate) mod recorded;

mod big;
mod flow;
mod hostile;
mod model;
mod pictures;
mod sequences;
