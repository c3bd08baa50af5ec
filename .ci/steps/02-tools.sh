# what: what the other steps use is installed: kept in CI_CACHE, pinned in .ci/tools
# lane: clients
# budget: 300
# Their own lines that name it, each once.
read -ra chosen <<<"$CI_CHOSEN"
mapfile -t lines < <(grep -hE '^([a-z]+_tools|debian)\>' "${chosen[@]}" | sort -u)
for line in "${lines[@]}"; do
  began=$SECONDS
  (eval "$line")
  report "$line: $((SECONDS - began)) s"
done
