package photos

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"testing"
)

// TestMain starts a footbridge for the tests of this package, in memory and on a free port.
func TestMain(m *testing.M) {
	command := exec.Command("footbridge", "serve", "--ephemeral", "--listen", "0", "--json", "--exit-with-parent")
	// It ends when its standard input does: with this process, however that ends.
	input, err := command.StdinPipe()
	must(err)
	output, err := command.StdoutPipe()
	must(err)
	command.Stderr = os.Stderr
	must(command.Start())
	line, err := bufio.NewReader(output).ReadBytes('\n')
	must(err)
	var ready struct{ Endpoint string }
	must(json.Unmarshal(line, &ready))
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL":      ready.Endpoint,
		"AWS_ACCESS_KEY_ID":     "test",
		"AWS_SECRET_ACCESS_KEY": "test",
		"AWS_REGION":            "us-east-1",
	} {
		must(os.Setenv(name, value))
	}
	code := m.Run()
	must(input.Close())
	must(command.Wait())
	os.Exit(code)
}

// fresh leaves nothing behind when the test ends.
func fresh(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		answer, err := http.Post(os.Getenv("AWS_ENDPOINT_URL")+"/_footbridge/reset", "", nil)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal("reset failed: ", err)
		}
	})
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
