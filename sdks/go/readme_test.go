package commet_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestREADME runs the README's Go blocks, in order, as one program, against a server that answers as the API does. The
// first block is a program of its own; the others are bodies of functions.
func TestREADME(t *testing.T) {
	blocks := blocksOf(t, "README.md")
	server := httptest.NewServer(http.HandlerFunc(answerReadme))
	t.Cleanup(server.Close)
	if printed := runProgram(t, server.URL, blocks[0]); !strings.HasPrefix(printed, "cus_01k0a2b3\n") {
		t.Errorf("the quick start printed %s", printed)
	}
	if printed := runProgram(t, server.URL, programOf(blocks[1:])); !strings.Contains(printed, "map[email:[Invalid]]") {
		t.Errorf("the blocks printed %s", printed)
	}
}

// TestReference runs every example of the reference page likewise; the first block makes the client.
func TestReference(t *testing.T) {
	blocks := blocksOf(t, "REFERENCE.md")
	server := httptest.NewServer(http.HandlerFunc(answerReadme))
	t.Cleanup(server.Close)
	runProgram(t, server.URL, programOf(append([]string{blocks[0] + "_ = client\n"}, blocks[1:]...)))
}

func blocksOf(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, match := range regexp.MustCompile("(?ms)^```go\n(.*?)^```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, match[1])
	}
	if len(blocks) < 5 {
		t.Fatalf("%s has only %d blocks", page, len(blocks))
	}
	return blocks
}

func programOf(blocks []string) string {
	program := readmeHead
	for index, block := range blocks {
		program += fmt.Sprintf("func block%d() {\n%s}\n\n", index, block)
		program += fmt.Sprintf("func init() { blocks = append(blocks, block%d) }\n\n", index)
	}
	return program
}

const readmeHead = `package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/commet-labs/commet-go"
)

var (
	ctx    = context.Background()
	blocks []func()
	client *commet.Client
	_      = errors.As
	_      = http.StatusOK
	_      = time.Second
	_      = fmt.Println
)

func main() {
	var err error
	if client, err = commet.New(os.Getenv("COMMET_API_KEY")); err != nil {
		log.Fatal(err)
	}
	for _, block := range blocks {
		block()
	}
}

`

func runProgram(t *testing.T, url, program string) string {
	t.Helper()
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	module := fmt.Sprintf("module readme\n\ngo 1.22\n\nrequire github.com/commet-labs/commet-go v0.0.0\n\nreplace github.com/commet-labs/commet-go => %s\n", here)
	for name, text := range map[string]string{"go.mod": module, "main.go": program} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "run", ".")
	run.Dir = folder
	run.Env = append(os.Environ(), "COMMET_BASE_URL="+url, "COMMET_API_KEY="+testKey, "GOFLAGS=-mod=mod")
	printed, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, printed, program)
	}
	return string(printed)
}

func answerReadme(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	body, _ := io.ReadAll(r.Body)
	customer := `{"id":"cus_01k0a2b3","email":"accounts@north.example"}`
	switch {
	case strings.Contains(string(body), "not an address"):
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":{"code":"validation_error","message":"Bad","details":[{"field":"email","message":"Invalid"}]}}`)
	case r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "/customers") || strings.HasSuffix(r.URL.Path, "/api-keys")):
		fmt.Fprintf(w, `{"success":true,"data":[%s],"hasMore":false}`, customer)
	default:
		fmt.Fprintf(w, `{"success":true,"data":%s}`, customer)
	}
}
