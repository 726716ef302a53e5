package channel

import (
	"strings"
	"testing"
)

// Foreign names never break out, and a good ending stays.
func FuzzFileName(f *testing.F) {
	f.Add("a.png")
	f.Add("../../etc/passwd")
	f.Add(strings.Repeat("ä", 300) + ".jpeg")
	f.Add("\x00\u202e.png")
	f.Fuzz(func(t *testing.T, name string) {
		got, err := FileName(name)
		if err != nil {
			return
		}
		if len(got) > 150 || strings.ContainsAny(got, "/\\\x00\"\r\n") {
			t.Fatalf("%q became %q", name, got)
		}
	})
}
