# what: 1 GiB up and down over HTTP, aws-chunked and in process, each under 64 MB above idle
# budget: 600
# Building comes first, so that the log tells it from measuring.
cargo bench --locked --bench memory --no-run
cargo bench --locked --bench memory -- 1024 2>&1 | tee "$CI_LOGS/memory.output"
