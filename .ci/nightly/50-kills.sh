# what: 100 kills of a server amid writes, and a check after each finds nothing wrong
# lane: compile
# budget: 600
FOOTBRIDGE_KILLS=100 cargo test --locked --test directory -- --nocapture a_check_after_each_kill
