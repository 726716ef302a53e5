package point

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// S1-12: a record names phone numbers with country code and, beyond the
// source, other kinds of contact point; each is recognised by its form.
func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind           rapport.PointKind
		input, country string
		want           rapport.Point
	}{
		{"", "+49 30 123456", "", rapport.Point{Kind: rapport.PointPhone, Address: "+4930123456", Shown: "+49 30 123456"}},
		{"", "+4930123456", "", rapport.Point{Kind: rapport.PointPhone, Address: "+4930123456"}},
		{"", "030 123456", "DE", rapport.Point{Kind: rapport.PointPhone, Address: "+4930123456", Shown: "030 123456"}},
		{"", "ana@example.com", "", rapport.Point{Kind: rapport.PointEmail, Address: "ana@example.com"}},
		{"", " Ana@Example.COM ", "", rapport.Point{Kind: rapport.PointEmail, Address: "ana@example.com", Shown: "Ana@Example.COM"}},
		{"", "Rene\u0301@example.com", "", rapport.Point{Kind: rapport.PointEmail, Address: "ren\u00e9@example.com", Shown: "Ren\u00e9@example.com"}},
		{"", "ana@bücher.example", "", rapport.Point{Kind: rapport.PointEmail, Address: "ana@xn--bcher-kva.example", Shown: "ana@bücher.example"}},
		{"", "@Ana", "", rapport.Point{Kind: rapport.PointHandle, Address: "@ana", Shown: "@Ana"}},
		{rapport.PointHandle, "ana", "", rapport.Point{Kind: rapport.PointHandle, Address: "@ana", Shown: "ana"}},
		{rapport.PointExternal, "inbox:User-7", "", rapport.Point{Kind: rapport.PointExternal, Address: "inbox:User-7"}},
	} {
		got, err := Parse(test.kind, test.input, test.country)
		if err != nil || got != test.want {
			t.Errorf("Parse(%q, %q, %q) = %+v, %v; want %+v", test.kind, test.input, test.country, got, err, test.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind        rapport.PointKind
		input, says string
	}{
		{"", "", "empty"},
		{"", "030 123456", "country code"},
		{"", "ana@", "e-mail address"},
		{"", "ana@localhost", "e-mail address"},
		{"", "Ana <ana@example.com>", "e-mail address"},
		{"", "a@b@example.com", "e-mail address"},
		{"", "@", "handle"},
		{"", "@ana maria", "handle"},
		{"", "+49\x0030123456", "control"},
		{"", strings.Repeat("a", 300) + "@example.com", "too long"},
		{"pigeon", "coop 7", "kind of contact point"},
	} {
		got, err := Parse(test.kind, test.input, "")
		refusal, ok := errors.AsType[*rapport.Error](err)
		if !ok || refusal.Kind != rapport.Invalid || !strings.Contains(refusal.Message, test.says) {
			t.Errorf("Parse(%q, %q) = %+v, %v; want a refusal that says %q", test.kind, test.input, got, err, test.says)
		}
	}
}

// S1-12: the numbers of a record are typed with commas between them.
func TestParseList(t *testing.T) {
	t.Parallel()
	got, err := ParseList("+49 30 123456, Ana@example.com;\n@ana,, ", "")
	want := []string{"+4930123456", "ana@example.com", "@ana"}
	addresses := []string{}
	for _, p := range got {
		addresses = append(addresses, p.Address)
	}
	if err != nil || !slices.Equal(addresses, want) {
		t.Fatalf("ParseList gave %q, %v; want %q", addresses, err, want)
	}
	if _, err := ParseList("+49 30 123456, nonsense", ""); err == nil || !strings.Contains(err.Error(), `"nonsense"`) {
		t.Fatalf("ParseList of a bad address gave %v; want a refusal that names it", err)
	}
	if got, err := ParseList(" , ", ""); err != nil || len(got) != 0 {
		t.Fatalf("ParseList of nothing gave %v, %v; want none", got, err)
	}
}

// A canonical address is canonical: reading it again changes nothing.
func FuzzParse(f *testing.F) {
	f.Add("+49 30 123456", "")
	f.Add("Ana@BÜCHER.example", "DE")
	f.Add("@Ana", "")
	f.Add("mailto:ana@example.com", "")
	f.Fuzz(func(t *testing.T, input, country string) {
		once, err := Parse("", input, country)
		if err != nil {
			return
		}
		again, err := Parse(once.Kind, once.Address, "")
		if err != nil || again.Address != once.Address || again.Shown != "" {
			t.Fatalf("Parse(%q, %q) = %+v, and of that %+v, %v", input, country, once, again, err)
		}
	})
}
