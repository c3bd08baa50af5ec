# what: from a clean clone, the README's first command passes with nothing else installed
# lane: compile
# budget: 620
clone="$CI_LOGS/clean-clone"
rm -rf "$clone"
git clone --quiet . "$clone"
home=$(mktemp -d)
trap 'rm -rf "$clone" "$home"' EXIT
cd "$clone" || exit 1
# cargo keeps its own home; the demo sees an empty one.
export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
HOME="$home" XDG_DATA_HOME="$home/data" cargo run --release --locked -- demo
