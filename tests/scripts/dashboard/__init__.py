"""What a person does at `footbridge tui`, in tmux: one file per kind of trial, one function per trial."""
