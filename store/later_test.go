package store_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"rapport/store"
)

// standing is a context that tells when somebody begins to wait with it.
type standing struct {
	context.Context
	in   chan struct{}
	once sync.Once
}

func (s *standing) Done() <-chan struct{} {
	s.once.Do(func() { close(s.in) })
	return s.Context.Done()
}

// ADR 0010: what somebody waits for goes before what can wait, which is not
// starved by it and is told when it keeps others waiting.
func TestWhatCanWait(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		var order []string
		note := func(what string) func(*store.Tx) error {
			return func(*store.Tx) error { order = append(order, what); return nil }
		}
		hold, held := make(chan struct{}), make(chan struct{})
		var all sync.WaitGroup
		do := func(call func(context.Context, func(*store.Tx) error) error, fn func(*store.Tx) error) {
			all.Go(func() {
				if err := call(t.Context(), fn); err != nil {
					t.Error(err)
				}
			})
		}
		once := sync.OnceFunc(func() { close(held) })
		do(db.Later, func(*store.Tx) error { once(); <-hold; return nil })
		<-held
		stands := &standing{Context: t.Context(), in: make(chan struct{})}
		do(func(_ context.Context, fn func(*store.Tx) error) error { return db.Later(stands, fn) }, note("later"))
		<-stands.in // it stands there first
		do(db.Update, note("first"))
		for db.Queued() == 0 {
			runtime.Gosched()
		}
		close(hold)
		all.Wait()
		if first, last := order[0], order[len(order)-1]; first != "first" || last != "later" { // each may run twice
			t.Errorf("the order was %q", order)
		}

		busy, stop := context.WithCancel(t.Context())
		for range 8 {
			all.Go(func() {
				for busy.Err() == nil {
					if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.MoveCursor("busy", 1) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range 5 {
			hurried := false
			err := db.Later(t.Context(), func(tx *store.Tx) error {
				for end := time.Now().Add(5 * time.Second); !hurried && time.Now().Before(end); {
					hurried = tx.Hurried()
					runtime.Gosched()
				}
				return nil
			})
			if err != nil || !hurried {
				t.Errorf("while others wait: hurried %v, %v", hurried, err)
			}
		}
		stop()
		all.Wait()
		hurried := true // on a machine that stumbles, getting the lock may take as long as if another node had it
		for try := 0; try < 50 && hurried; try++ {
			err := db.Later(t.Context(), func(tx *store.Tx) error {
				hurried = false
				for end := time.Now().Add(20 * time.Millisecond); time.Now().Before(end); {
					hurried = hurried || tx.Hurried()
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if hurried {
			t.Error("nobody waits, and yet it is hurried")
		}
	})
}
