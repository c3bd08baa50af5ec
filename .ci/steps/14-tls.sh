# what: one TLS stack, and no dependency from outside the registry
# lane: compile
# budget: 20
tree=$(cargo tree --locked --workspace --edges normal,build --prefix none --format '{p}' --target all | sed 's/ (\*)$//' | sort -u)
for name in ring openssl openssl-sys native-tls; do
  if grep -E "^$name v" <<<"$tree"; then
    echo "deny.toml bans $name"
    exit 1
  fi
done
rustls=$(grep -cE '^rustls v' <<<"$tree")
[ "$rustls" -eq 1 ] || { grep -E '^rustls v' <<<"$tree"; echo "$rustls versions of rustls"; exit 1; }
if grep -E '^source = "git' Cargo.lock; then
  echo "a dependency from git"
  exit 1
fi
report "$(wc -l <<<"$tree") packages, one rustls"
