package store_test

import (
	"context"
	"runtime"
	"sync"
	"testing"

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

// ADR 0010: what somebody waits for goes before what can wait.
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
	})
}
