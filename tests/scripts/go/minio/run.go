// Runs one of minio-go's own functional tests, and says what became of it as a line of JSON.
// functional_tests.go and tests.go are put beside this file by build.sh.
//
//	minio-go list
//	minio-go TEST
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
)

// Verdict is what became of one test.
type Verdict struct{ Status, Detail string }

func main() {
	_ = os.Setenv("MINT_MODE", "full")
	for _, test := range tests {
		switch os.Args[1] {
		case "list":
			fmt.Println(test.name)
		case test.name:
			_ = json.NewEncoder(os.Stdout).Encode(verdict(test.run))
		}
	}
}

// verdict runs a test. Without RUN_ON_FAIL it ends with its first failure, in a panic.
func verdict(run func()) (found Verdict) {
	var said bytes.Buffer
	slog.SetDefault(slog.New(slog.NewJSONHandler(&said, nil)))
	defer func() {
		if reason := recover(); reason != nil {
			found = Verdict{"FAIL", fmt.Sprint(reason)}
			return
		}
		// A test that met what is not implemented says NA, and returns.
		found.Status = "PASS"
		for _, line := range bytes.Split(bytes.TrimSpace(said.Bytes()), []byte("\n")) {
			var record struct{ Status, Alert string }
			if json.Unmarshal(line, &record) == nil && record.Status != "" && record.Status != "PASS" {
				found = Verdict{record.Status, record.Alert}
			}
		}
	}()
	run()
	return found
}
