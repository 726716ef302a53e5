package store_test

import (
	"slices"
	"testing"
	"time"

	"rapport/rapporttest"
	"rapport/store"
)

// Both databases find the same documents, the newest first (S3-29).
func TestFindDocuments(t *testing.T) {
	t.Parallel()
	rapporttest.Databases(t, func(t *testing.T, db *store.DB) {
		now := time.Now()
		at := func(days int) int64 { return store.DocumentAt(now.AddDate(0, 0, -days)) }
		put := func(days int, terms ...string) {
			t.Helper()
			if err := db.Index(t.Context(), func(tx *store.Tx) error {
				return tx.PutDocuments(store.InMessages, store.Document{N: at(days), Terms: terms})
			}); err != nil {
				t.Fatal(err)
			}
		}
		for days := range 400 {
			put(days, "hello", "_he", "-q1")
		}
		put(2, "parcel", "-q1")
		put(300, "parcels", "-q2", "größe")
		put(399, "parcel", "-q2")
		put(1, "gone")
		put(1, "here") // in its place
		find := func(limit int, from, below int64, want store.Terms) (days []int) {
			t.Helper()
			if err := db.View(t.Context(), func(tx *store.Tx) error {
				numbers, err := tx.FindDocuments(store.InMessages, want, from, below, limit)
				for _, n := range numbers {
					days = append(days, int((at(0)-n+1<<13)>>14/86400)) // nearly
				}
				if !slices.IsSortedFunc(numbers, func(a, b int64) int { return int(b - a) }) {
					t.Errorf("not the newest first: %v", numbers)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return days
		}
		const all = int64(1) << 62
		for _, c := range []struct {
			what        string
			limit       int
			from, below int64
			want        store.Terms
			found       []int
		}{
			{"a word", 10, 0, all, store.Terms{{{Text: "parcel"}}}, []int{2, 399}},
			{"a prefix", 10, 0, all, store.Terms{{{Text: "parc", Prefix: true}}}, []int{2, 300, 399}},
			{"the newest", 1, 0, all, store.Terms{{{Text: "parc", Prefix: true}}}, []int{2}},
			{"before that", 1, 0, at(2), store.Terms{{{Text: "parc", Prefix: true}}}, []int{300}},
			{"since", 10, at(300), all, store.Terms{{{Text: "parc", Prefix: true}}}, []int{2, 300}},
			{"all of them", 10, 0, all, store.Terms{{{Text: "parc", Prefix: true}}, {{Text: "-q2"}}}, []int{300, 399}},
			{"one of them", 10, 0, all, store.Terms{{{Text: "parcels"}, {Text: "here"}}}, []int{1, 300}},
			{"beyond ASCII", 10, 0, all, store.Terms{{{Text: "größe"}}}, []int{300}},
			{"replaced", 10, 0, all, store.Terms{{{Text: "gone"}}}, nil},
			{"a common word", 3, 0, all, store.Terms{{{Text: "hello"}}}, []int{0, 3, 4}},
			{"nothing", 3, 0, all, store.Terms{{{Text: "nothing"}}}, nil},
		} {
			if got := find(c.limit, c.from, c.below, c.want); !slices.Equal(got, c.found) {
				t.Errorf("%s: found those of %v days ago, want %v", c.what, got, c.found)
			}
		}
		if got := find(1000, 0, all, store.Terms{{{Text: "hello"}}}); len(got) != 396 {
			t.Errorf("%d with a common word, want 396", len(got))
		}
		if err := db.Index(t.Context(), func(tx *store.Tx) error { return tx.DropDocuments(store.InMessages, at(2)) }); err != nil {
			t.Fatal(err)
		}
		if got := find(10, 0, all, store.Terms{{{Text: "parcel"}}}); !slices.Equal(got, []int{399}) {
			t.Errorf("after one was dropped: %v", got)
		}
	})
}
