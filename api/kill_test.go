package api_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/attachment"
	"rapport/blob"
	"rapport/channel"
	"rapport/conversation"
	"rapport/job"
	"rapport/rapporttest"
	"rapport/store"
)

// child says what a process does that is there to be killed: upload or bulk.
// Where its database and files are, and by how much its clock is ahead, so that
// the leases of those that were killed are over, it reads from the others.
const (
	child      = "RAPPORT_TEST_API_CHILD"
	childDB    = "RAPPORT_TEST_API_DATABASE"
	childFiles = "RAPPORT_TEST_API_FILES"
	childAhead = "RAPPORT_TEST_API_AHEAD"
)

// victim works until somebody kills this process.
func victim(what string) {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	ahead, err := time.ParseDuration(os.Getenv(childAhead))
	if err != nil {
		os.Exit(2)
	}
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{URL: os.Getenv(childDB), Log: log, Now: func() time.Time { return time.Now().Add(ahead) }})
	if err == nil && what == "upload" {
		err = uploads(ctx, db, os.Getenv(childFiles))
	}
	if err == nil && what == "bulk" {
		jobs := job.NewRunner(db, log)
		jobs.Handle(conversation.Bulk, func(ctx context.Context, t job.Task) error {
			var b conversation.BulkJob
			if err := t.Decode(&b); err != nil {
				return err
			}
			return conversation.RunBulk(ctx, db, b.ID)
		})
		err = jobs.Run(ctx)
	}
	log.Error("the victim ended", "error", err)
	os.Exit(3)
}

const (
	killOwner = "agent:ana"
	killSize  = 900_000
	killPiece = 30_000
)

// killContent is what the n-th file holds.
func killContent(n int) []byte {
	line := fmt.Sprintf("line of file %d, which is long enough to be told from others\n", n)
	return bytes.Repeat([]byte(line), killSize/len(line)+1)[:killSize]
}

// killShelf keeps files in a folder.
func killShelf(db *store.DB, dir string) (*attachment.Shelf, error) {
	blobs, err := blob.OpenDisk(dir)
	return attachment.New(attachment.Shelf{DB: db, Blobs: blobs, Limits: channel.DefaultLimits(), Key: []byte("key")}), err
}

// uploads goes on with the files that it reads from its input: their number and
// id. It says what was acknowledged.
func uploads(ctx context.Context, db *store.DB, dir string) error {
	shelf, err := killShelf(db, dir)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var n int
		var id rapport.FileID
		if _, err := fmt.Sscan(lines.Text(), &n, &id); err != nil {
			return err
		}
		f, err := shelf.Of(ctx, killOwner, id)
		for content := killContent(n); err == nil && f.State != store.FileReady; {
			f, err = shelf.Append(ctx, killOwner, id, f.Received, bytes.NewReader(content[f.Received:min(f.Received+killPiece, killSize)]))
			if err == nil {
				fmt.Println(id, max(f.Received, 0))
			}
		}
		if err != nil {
			return err
		}
	}
	select {}
}

// doomed starts a victim and kills it once enough is done.
func doomed(t *testing.T, what string, env []string, input string, line func(string), enough func() bool) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program)
	c.Env = append(append(os.Environ(), child+"="+what), env...)
	c.Stdin, c.Stderr = strings.NewReader(input), t.Output()
	said, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	lines := make(chan string)
	go func() {
		defer close(ended)
		for out := bufio.NewScanner(said); out.Scan(); {
			lines <- out.Text()
		}
		_ = c.Wait() // it was killed
	}()
	patience := time.After(20 * time.Second)
	for alive, killed := true, false; alive; {
		select {
		case l := <-lines:
			line(l)
		case <-time.After(2 * time.Millisecond):
		case <-patience:
			t.Error("the victim did nothing for long")
		case <-ended:
			if alive = false; !killed {
				t.Fatal("the victim ended by itself")
			}
		}
		if !killed && enough() {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			killed = true
		}
	}
}

// onEach runs a test with the address of each database.
func onEach(t *testing.T, test func(t *testing.T, w *rapporttest.World, url string)) {
	t.Parallel()
	for name, address := range rapporttest.Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := address(t)
			test(t, rapporttest.NewWorld(t, rapporttest.Open(t, url)), url)
		})
	}
}

// S3-36: a process that is killed with SIGKILL in the midst of uploads has kept
// what it acknowledged. Uploads go on from there, files are whole or not there
// at all, and what nobody took goes a day later without a trace.
func TestUploadsSurviveSIGKILL(t *testing.T) {
	onEach(t, func(t *testing.T, w *rapporttest.World, url string) {
		w.Queue("support", "ana")
		dir := t.TempDir()
		shelf, err := killShelf(w.DB, dir)
		if err != nil {
			t.Fatal(err)
		}
		const files = 4
		ids := make([]rapport.FileID, files)
		for n := range ids {
			f, err := shelf.Begin(t.Context(), attachment.Start{Owner: killOwner, Purpose: "web", Client: "desk", Name: "manual.txt", Size: killSize})
			if err != nil {
				t.Fatal(err)
			}
			ids[n] = f.ID
		}
		kept := func(id rapport.FileID) store.File {
			f, err := shelf.Of(t.Context(), killOwner, id)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		acknowledged := map[rapport.FileID]int64{}
		env := []string{childDB + "=" + url, childFiles + "=" + dir, childAhead + "=0s"}
		kills := 0
		for kept(ids[files-2]).State != store.FileReady && kills < 60 { // the last one is never finished
			var input strings.Builder
			for n, id := range ids[:files-1] {
				fmt.Fprintln(&input, n, id)
			}
			pieces, enough := 0, 1+rand.IntN(40)
			if kills < 3 { // early ones, so that there are some on any machine
				enough = 1 + rand.IntN(4)
			}
			doomed(t, "upload", env, input.String(), func(l string) {
				var id rapport.FileID
				var at int64
				if _, err := fmt.Sscan(l, &id, &at); err == nil {
					acknowledged[id] = max(acknowledged[id], at)
					pieces++
				}
			}, func() bool { return pieces >= enough || kept(ids[files-2]).State == store.FileReady })
			kills++
			for id, at := range acknowledged {
				if f := kept(id); f.Received < at {
					t.Fatalf("%d bytes were acknowledged and %d are kept", at, f.Received)
				}
			}
		}
		t.Logf("%d kills", kills)
		if kills < 3 {
			t.Errorf("only %d kills", kills)
		}
		// The last one breaks off in its first piece.
		if _, err := shelf.Append(t.Context(), killOwner, ids[files-1], 0, bytes.NewReader(killContent(0)[:1000])); err != nil {
			t.Fatal(err)
		}
		for n, id := range ids[:files-1] {
			o, err := shelf.Blobs.Open(t.Context(), string(id))
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(o)
			if _ = o.Close(); err != nil || sha256.Sum256(data) != sha256.Sum256(killContent(n)) {
				t.Errorf("file %d has %d other bytes than were sent, %v", n, len(data), err)
			}
		}
		// One is sent; the half one cannot be.
		id := w.Write("mia", "Hello").Conversation.ID
		attach := func(file rapport.FileID) (fine bool) {
			w.Update(func(tx *store.Tx) (err error) {
				fine, err = tx.AttachFile(file, killOwner, id)
				return err
			})
			return fine
		}
		if !attach(ids[0]) || attach(ids[files-1]) {
			t.Error("a whole file could not be attached, or a half one could")
		}
		later, err := store.Open(t.Context(), store.Config{URL: url, Log: rapporttest.Log(t), Now: func() time.Time { return time.Now().Add(25 * time.Hour) }})
		if err != nil {
			t.Fatal(err)
		}
		defer later.Close()
		if shelf, err = killShelf(later, dir); err != nil {
			t.Fatal(err)
		}
		for range 2 { // gives up, then removes
			if err := shelf.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		left, err := filepath.Glob(filepath.Join(dir, "??", "*"))
		if err != nil || len(left) != 1 || filepath.Base(left[0]) != string(ids[0]) {
			t.Errorf("on disk are %v; only %s is in a conversation, %v", left, ids[0], err)
		}
	})
}

// Issue 4, 1: a process that is killed with SIGKILL in the midst of a change of
// many conversations changes each of them once; its count is right, and it can
// be undone.
func TestBulkSurvivesSIGKILL(t *testing.T) {
	onEach(t, func(t *testing.T, w *rapporttest.World, url string) {
		w.Queue("support", "ana")
		w.Agent("ana", rapporttest.Capacity(1000))
		ana := w.Actor("ana")
		const many = 240
		ids := make([]rapport.ConversationID, many)
		for n := range ids {
			ids[n] = w.Write(fmt.Sprint("customer ", n), "Hello?").Conversation.ID
		}
		read := func(id rapport.BulkID) (b rapport.Bulk) {
			w.View(func(tx *store.Tx) (err error) {
				b, err = tx.Bulk(id)
				return err
			})
			return b
		}
		kills := 0
		through := func(b rapport.Bulk) {
			t.Helper()
			for kills0 := kills; read(b.ID).EndedAt.IsZero() && kills < kills0+40; kills++ {
				env := []string{childDB + "=" + url, childAhead + "=" + (time.Duration(kills) * 3 * time.Minute).String()}
				enough := read(b.ID).Done + 1 + rand.IntN(many/3)
				doomed(t, "bulk", env, "", func(string) {}, func() bool {
					now := read(b.ID)
					return now.Done >= enough || !now.EndedAt.IsZero()
				})
			}
			now := read(b.ID)
			if now.EndedAt.IsZero() || now.Next != many || now.Done != many || now.Refused+now.Skipped != 0 {
				t.Errorf("it came to %d of %d, %d done, %d refused, %d skipped, ended %v", now.Next, now.Total, now.Done, now.Refused, now.Skipped, now.EndedAt)
			}
		}
		// changed is how often the priority of each was changed, and to what.
		changed := func(times int, to rapport.Priority) {
			t.Helper()
			w.View(func(tx *store.Tx) error {
				for n, id := range ids {
					c, err := tx.Conversation(id)
					if err != nil {
						return err
					}
					items, err := tx.Items(id, 0, 0, 100)
					got := 0
					for _, i := range items {
						if i.Event == "priority" {
							got++
						}
					}
					if err != nil || got != times || c.Priority != to {
						t.Errorf("conversation %d was changed %d times and has %s; want %d and %s; %v", n, got, c.Priority, times, to, err)
					}
				}
				return nil
			})
		}
		var b, undo rapport.Bulk
		w.Update(func(tx *store.Tx) (err error) {
			b, err = conversation.StartBulk(tx, ana, rapport.BulkAction{Do: rapport.BulkPriority, Priority: rapport.High}, ids)
			return err
		})
		through(b)
		changed(1, rapport.High)
		w.Update(func(tx *store.Tx) (err error) {
			undo, err = conversation.UndoBulk(tx, ana, b.ID)
			return err
		})
		through(undo)
		changed(2, rapport.Normal)
		t.Logf("%d kills", kills)
		if kills < 4 {
			t.Errorf("only %d kills", kills)
		}
	})
}
