# what: checkov finds nothing in the image and in what the charts give, but what is meant
# lane: clients
# budget: 120
python_tools checkov-requirements.txt
helm_tools
rendered=$(mktemp -d)
for values in footbridge/values-{local,dev,prod} example-app/values-{dev,prod}; do
  chart=infra/helm/charts/$(dirname "$values")
  helm template "$(basename "$chart")" "$chart" --namespace footbridge --values "infra/helm/charts/$values.yaml" >"$rendered/${values/\//-}.yaml"
done
# CKV_K8S_11: a limit of CPU slows a program that the node has time for; the request is what is set. CKV_K8S_15 and 43: the tag is
# a release's, and `image.digest` is a value. CKV_K8S_35: FOOTBRIDGE_MCP_TOKEN, and AWS's own variables for keys.
checkov --compact --quiet --skip-download --framework kubernetes --skip-check CKV_K8S_11,CKV_K8S_15,CKV_K8S_35,CKV_K8S_43 --directory "$rendered"
checkov --compact --quiet --skip-download --framework dockerfile --file infra/docker/Dockerfile
