package channel

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/lib/secretbox"
)

var pigeon = Info{
	Kind: "pigeon", Name: "Pigeon", Help: "Letters by bird.", Caps: Caps{Contents: Contents{MaxText: 200}},
	Options: []Option{
		{Name: "coop", Type: String, Label: "Coop", Help: "Where they live.", Required: true},
		{Name: "song", Type: Text, Label: "Song", Help: "What they coo."},
		{Name: "fast", Type: Bool, Label: "Fast", Help: "Fly fast.", Default: true},
		{Name: "birds", Type: Int, Label: "Birds", Help: "How many.", Default: 3},
		{Name: "home", Type: URL, Label: "Home", Help: "Where to."},
		{Name: "plumage", Type: Color, Label: "Plumage", Help: "Which colour.", Default: "#AABBCC"},
		{Name: "names", Type: List, Label: "Names", Help: "Of the birds."},
		{Name: "size", Type: String, Label: "Size", Help: "Of the birds.", Default: "small", Choices: []string{"small", "big"}},
		{Name: "ring", Type: Secret, Label: "Ring", Help: "The number on it.", Secret: true, Required: true, Prefix: "ring_"},
		{Name: "code", Type: Secret, Label: "Code", Help: "To read the letters.", Secret: true, Check: func(v Values) error {
			if v.Bool("fast") && v.Secret("code") == "slow" {
				return errors.New("a slow code cannot fly fast")
			}
			return nil
		}},
	},
}

func TestDecode(t *testing.T) {
	t.Parallel()
	var raw map[string]any
	if err := json.Unmarshal([]byte(`{"coop":" roof ","fast":false,"birds":7,"home":"https://example.com/x","names":["ana"," ben"],"ring":"r-1","song":"a\nb"}`), &raw); err != nil {
		t.Fatal(err)
	}
	v, err := pigeon.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	got := []any{v.String("coop"), v.Bool("fast"), v.Int("birds"), v.String("home"), v.String("plumage"), v.List("names"), v.String("size"), v.Secret("ring").Reveal(), v.String("song")}
	want := []any{"roof", false, 7, "https://example.com/x", "#aabbcc", []string{"ana", "ben"}, "small", "r-1", "a\nb"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("decoded %v; want %v", got, want)
	}
	if open := v.Open(); len(open) != 8 || open["ring"] != nil {
		t.Errorf("open options are %v; want all but the secrets", open)
	}
	if secrets := v.Secrets(); !reflect.DeepEqual(secrets, map[string]secretbox.Secret{"ring": "r-1"}) {
		t.Errorf("secrets are %d; want the ring alone", len(secrets))
	}
	if text := fmt.Sprintf("%v %+v", v, v); strings.Contains(text, "r-1") {
		t.Error("printed values show a secret")
	}
	again, err := pigeon.Decode(v.Open())
	if err != nil || !reflect.DeepEqual(again.Open(), v.Open()) {
		t.Errorf("what was stored decodes to %v, %v", again.Open(), err)
	}
}

// Errors name the field, so that a form can show them in place.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ raw, field string }{
		{`{}`, "options.coop"},
		{`{"coop":"  "}`, "options.coop"},
		{`{"coop":7}`, "options.coop"},
		{`{"coop":"a\nb"}`, "options.coop"},
		{`{"coop":"x","cop":"y"}`, "options.cop"},
		{`{"coop":"x","fast":"yes"}`, "options.fast"},
		{`{"coop":"x","birds":1.5}`, "options.birds"},
		{`{"coop":"x","birds":1e99}`, "options.birds"},
		{`{"coop":"x","home":"javascript:alert(1)"}`, "options.home"},
		{`{"coop":"x","home":"https://ana:pw@example.com"}`, "options.home"},
		{`{"coop":"x","plumage":"red"}`, "options.plumage"},
		{`{"coop":"x","names":"ana"}`, "options.names"},
		{`{"coop":"x","names":[1]}`, "options.names"},
		{`{"coop":"x","names":[""]}`, "options.names"},
		{`{"coop":"x","size":"huge"}`, "options.size"},
		{`{"coop":"x","code":"slow"}`, "options.code"},
	} {
		var raw map[string]any
		if err := json.Unmarshal([]byte(test.raw), &raw); err != nil {
			t.Fatal(err)
		}
		_, err := pigeon.Decode(raw)
		refusal, ok := errors.AsType[*rapport.Error](err)
		if !ok || refusal.Kind != rapport.Invalid || refusal.Field != test.field {
			t.Errorf("%s: %v; want a refusal of %s", test.raw, err, test.field)
		}
	}
}

func TestGenerate(t *testing.T) {
	t.Parallel()
	o := pigeon.Options[8]
	a, b := o.Generate().Reveal(), o.Generate().Reveal()
	if a == b || !strings.HasPrefix(a, "ring_") || len(a) != len("ring_")+44 {
		t.Errorf("generated %q and %q; want two different ones with the prefix", a, b)
	}
}

func TestCheckRefusesBadDescriptions(t *testing.T) {
	t.Parallel()
	if err := pigeon.check(); err != nil {
		t.Fatalf("a good description: %v", err)
	}
	for name, spoil := range map[string]func(*Info){
		"no help":            func(i *Info) { i.Help = "" },
		"no text limit":      func(i *Info) { i.Caps.MaxText = 0 },
		"option twice":       func(i *Info) { i.Options[1].Name = "coop" },
		"no label":           func(i *Info) { i.Options[0].Label = "" },
		"unknown type":       func(i *Info) { i.Options[0].Type = "bird" },
		"secret not marked":  func(i *Info) { i.Options[8].Secret = false },
		"default is no good": func(i *Info) { i.Options[3].Default = "many" },
		"default secret":     func(i *Info) { i.Options[9].Default = "x" },
		"generated string":   func(i *Info) { i.Options[0].Prefix = "x" },
	} {
		spoilt := pigeon
		spoilt.Options = append([]Option{}, pigeon.Options...)
		spoil(&spoilt)
		if spoilt.check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for _, test := range []struct {
		err   error
		class Class
		wait  time.Duration
	}{
		{Temporary(cause, "x"), ClassTemporary, 0},
		{RetryAfter(time.Minute, "x"), ClassTemporary, time.Minute},
		{Permanent(cause, "x"), ClassPermanent, 0},
		{Unauthorized(cause, "x"), ClassUnauthorized, 0},
		{Unknown(cause, "x"), ClassUnknown, 0},
		{cause, ClassUnknown, 0},
		{fmt.Errorf("send: %w", Permanent(cause, "x")), ClassPermanent, 0},
	} {
		f := FailureOf(test.err)
		if f.Class != test.class || f.Wait != test.wait || f.Message == "" {
			t.Errorf("%v is %+v; want %s", test.err, f, test.class)
		}
	}
	if !errors.Is(Temporary(cause, "x"), cause) {
		t.Error("the cause is lost")
	}
}

// Decoding foreign options never panics, and what it accepts it accepts again
// in the stored form.
func FuzzDecode(f *testing.F) {
	f.Add(`{"coop":"roof","birds":7,"names":["ana"]}`)
	f.Add(`{"coop":"x","home":"http://[::1]:80/","plumage":"#000000","ring":"x"}`)
	f.Add(`{"coop":"x","birds":-0.0,"song":"\u0000"}`)
	f.Fuzz(func(t *testing.T, text string) {
		var raw map[string]any
		if json.Unmarshal([]byte(text), &raw) != nil {
			return
		}
		v, err := pigeon.Decode(raw)
		if err != nil {
			return
		}
		stored, err := json.Marshal(v.Open())
		if err != nil {
			t.Fatal(err)
		}
		var again map[string]any
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatal(err)
		}
		w, err := pigeon.Decode(again)
		if err != nil || !reflect.DeepEqual(v.Open(), w.Open()) {
			t.Fatalf("%s was stored as %s and reads as %v, %v", text, stored, w.Open(), err)
		}
	})
}
