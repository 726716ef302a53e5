package api_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport"
	"rapport/rapporttest"
	"rapport/search"
	"rapport/store"
)

// S3-29 to S3-32 over the API: three groups, only what the caller may see, and
// clear answers to bad input.
func TestSearch(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana")
		w.Queue("sales", "carla")
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Inbox("site", "support")
		w.Write("maria", "Where is my parcel?")
		for i := range 8 {
			w.Reply("ana", "maria", fmt.Sprintf("On its way, %d.", i))
		}
		d.named("maria")
		const c = "/api/v1/conversations/<maria>"
		d.run(
			exchange{as: "ada", do: "GET /api/v1/search/state", status: 200, says: []string{`"done":0`, `"total":1`}},
			exchange{as: "ana", do: "GET /api/v1/search?q=parcel", status: 200, says: []string{`"messages":[]`}},
		)
		if err := search.New(w.DB, rapporttest.Log(t)).Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.run(
			exchange{as: "ana", do: "GET /api/v1/search?q=PARC", status: 200, says: []string{`"marked":[{"text":"Where is my "},{"text":"parcel","hit":true},{"text":"?"}]`, "<maria>", `"seq":1`}, lacks: []string{"indexing"}},
			exchange{as: "ana", do: "GET /api/v1/search?q=mar", status: 200, says: []string{`"customers":[{`, `"conversations":[{`, `"channels":["web"]`, `"last_conversation":"<maria>"`, `"messages":[]`}},
			exchange{as: "ana", do: "GET /api/v1/search?q=mria", status: 200, says: []string{`"corrected":{"mria":["maria"]}`, "<maria contact>"}},
			exchange{as: "ana", do: "GET /api/v1/search?q=mar&groups=customers", status: 200, says: []string{`"customers":[{`, `"conversations":[]`}},
			exchange{as: "ana", do: "GET /api/v1/search?q=way&limit=3", status: 200, says: []string{"On its ", ", 7.", `"next":"`}, lacks: []string{", 4."}},
			exchange{as: "ana", do: "GET /api/v1/search?q=", status: 200, says: []string{`"customers":[]`}},
			exchange{as: "ana", do: "GET /api/v1/search?q=mar&groups=parrots", status: 400, says: []string{"groups"}},
			exchange{as: "ana", do: "GET /api/v1/search?q=mar&from=yesterday", status: 400, says: []string{"from"}},
			exchange{as: "ana", do: "GET /api/v1/search?q=mar&cursor=!", status: 400, says: []string{`"field":"cursor"`}},
			exchange{as: "ana", do: "GET /api/v1/search?q=mar&limit=1000", status: 400, says: []string{"limit"}},
			// Invariant 7.
			exchange{as: "carla", do: "GET /api/v1/search?q=parcel", status: 200, says: []string{`"messages":[]`}},
			exchange{as: "carla", do: "GET /api/v1/search?q=maria", status: 200, says: []string{`"customers":[]`, `"conversations":[]`}},
			exchange{as: "carla", do: "GET " + c + "/find?q=parcel", status: 404},

			exchange{as: "ana", do: "GET " + c + "/find?q=PARCEL", status: 200, says: []string{`"count":1`, `"seq":1`}},
			exchange{as: "ana", do: "GET " + c + "/find?q=its+way", status: 200, says: []string{`"count":8`}},
			exchange{as: "ana", do: "GET " + c + "/items?around=6&limit=3", status: 200, says: []string{`"seq":5`, `"seq":6`, `"seq":7`, `"more":true`, `"later":true`}, lacks: []string{`"seq":4`, `"seq":8`}},
			exchange{as: "ana", do: "GET " + c + "/items?around=1&limit=3", status: 200, says: []string{`"seq":1`, `"seq":3`, `"more":false`, `"later":true`}, lacks: []string{`"seq":4`}},
			exchange{as: "ana", do: "GET " + c + "/items?around=999&limit=3", status: 200, says: []string{`"more":true`}, lacks: []string{`"later"`}},

			exchange{as: "ada", do: "GET /api/v1/search/state", status: 200, says: []string{`"behind":0`, `"done":`}},
			exchange{as: "ada", do: "POST /api/v1/search/rebuild", status: 204},
		)
	})
}

// A search that meets a damaged index says so, and rebuilding it begins with an empty one.
func TestSearchInADamagedIndex(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "rapport.db")
	var again *store.DB
	t.Cleanup(func() { again.Close() }) // after the world has been looked at
	w := rapporttest.NewWorld(t, rapporttest.Open(t, file))
	w.Queue("support", "ana")
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	w.Inbox("site", "support")
	const written = 150
	for i := range written {
		w.Write("maria", fmt.Sprintf("Where is my parcel number%d, of kind%d?", i, i))
	}
	if err := search.New(w.DB, rapporttest.Log(t)).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.DB.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file + "-search")
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for at := page; at < len(text); at += page {
		if p := text[at:min(at+page, len(text))]; bytes.Contains(p, []byte("parcel")) {
			copy(p, strings.Repeat("garbage ", page/8))
		}
	}
	if err := os.WriteFile(file+"-search", text, 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err = store.Open(t.Context(), store.Config{URL: file}); err != nil {
		t.Fatal(err)
	}
	if err := again.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.DB = again
	d := newDesk(t, w)
	d.run(
		exchange{as: "ana", do: "GET /api/v1/search?q=parcel&groups=messages", status: 503, says: []string{"index_damaged", "being mended"}},
		exchange{as: "ada", do: "POST /api/v1/search/rebuild", status: 204},
	)
	if err := search.New(w.DB, rapporttest.Log(t)).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.run(exchange{as: "ana", do: "GET /api/v1/search?q=number7&groups=messages", status: 200, says: []string{"number7"}, lacks: []string{"indexing"}})
}
