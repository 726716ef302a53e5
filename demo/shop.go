package demo

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"
	"sync"
	"time"

	"rapport"
	"rapport/card"
	"rapport/store"
)

// shop is the other system of the demo, which a context card shows: what a
// customer ordered, and a few things that agents may change there.
type shop struct {
	mu      sync.Mutex
	changed map[string]map[string]any // by customer
	now     time.Time
}

func newShop() *shop { return &shop{changed: map[string]map[string]any{}, now: time.Now()} }

const shopPath = "/shop/customers/"

// ServeHTTP answers GET and PATCH of /shop/customers/{name}.
func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodPatch {
		var change map[string]any
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 10_000)).Decode(&change); err != nil {
			http.Error(w, `{"detail": "That is not JSON."}`, http.StatusBadRequest)
			return
		}
		if s.changed[name] == nil {
			s.changed[name] = map[string]any{}
		}
		maps.Copy(s.changed[name], change)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s.customer(name)) // whoever asked may be gone
}

// customer makes up what the shop knows; the same name is always the same.
func (s *shop) customer(name string) map[string]any {
	hash := fnv.New32a()
	hash.Write([]byte(name))
	n := int(hash.Sum32() >> 8)
	pick := func(list ...string) string { return list[n%len(list)] }
	known := map[string]any{
		"number":     fmt.Sprintf("FM-%05d", n%100_000),
		"since":      s.now.AddDate(0, 0, -60-n%1500).Format(time.DateOnly),
		"last_order": map[string]any{"number": fmt.Sprint(20_300 + n%130), "state": pick("With the carrier", "Arrived", "Being packed"), "total": float64(n%12_000)/100 + 9},
		"club":       pick("Seedling", "Fern", "Moss"),
		"newsletter": n%2 == 0,
		"door":       pick("", "Ring at no. 12", "Leave it with the neighbour"),
	}
	maps.Copy(known, s.changed[name])
	return known
}

// card shows what the shop knows of the customer beside each conversation (S3-73).
func (t *teller) card(site string) {
	address := site + shopPath + "{{contact.name}}"
	c := rapport.Card{
		ID: rapport.NewID[rapport.CardID](), Name: "Fern & Moss shop", Enabled: true, Version: 1,
		CardSource: rapport.CardSource{
			Method: http.MethodGet, URL: address, Seconds: 5, CacheSeconds: 60,
			Fields: []rapport.CardField{
				{Name: "number", Label: "Shop number", Type: rapport.FieldText, Path: "$.number"},
				{Name: "since", Label: "Customer since", Type: rapport.FieldDate, Path: "$.since"},
				{Name: "order", Label: "Last order", Type: rapport.FieldText, Path: "$.last_order.number"},
				{Name: "state", Label: "Its state", Type: rapport.FieldText, Path: "$.last_order.state"},
				{Name: "total", Label: "Its total, €", Type: rapport.FieldNumber, Path: "$.last_order.total"},
				{Name: "club", Label: "Club", Type: rapport.FieldChoice, Choices: []string{"Seedling", "Fern", "Moss"}, Path: "$.club", Editable: true, Target: "club"},
				{Name: "newsletter", Label: "Newsletter", Type: rapport.FieldYesNo, Path: "$.newsletter", Editable: true, Target: "newsletter"},
				{Name: "door", Label: "At the door", Type: rapport.FieldText, Path: "$.door", Editable: true, Target: "door"},
			},
			Write: &rapport.CardWrite{Method: http.MethodPatch, URL: address},
		},
	}
	if t.err == nil {
		t.err = card.Check(&c)
	}
	t.do(func(tx *store.Tx) error {
		c.CreatedAt = tx.Now()
		return tx.SaveCard(c, nil)
	})
}
