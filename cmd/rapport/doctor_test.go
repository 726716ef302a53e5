package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport"
	"rapport/blob"
	"rapport/lib/secretbox"
	"rapport/rapporttest"
	"rapport/store"
)

// Doctor is content with what serve made, and says what is wrong otherwise.
func TestDoctor(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if text, code := output(t, "doctor", "--data", folder); code == 0 || !strings.Contains(text, "Start rapport serve once") {
		t.Errorf("without a database: %d\n%s", code, text)
	}
	s := serving(t, folder)
	s.prepare()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	// A mail server that wants no password.
	if err := rapporttest.Open(t, filepath.Join(folder, "rapport.db")).Update(t.Context(), func(tx *store.Tx) error { return tx.SaveSealed("mail_password", "") }); err != nil {
		t.Fatal(err)
	}
	text, _ := output(t, "doctor", "--data", folder)
	for _, check := range []string{"database", "schema", "loads", "secrets", "jobs", "clock", "key"} {
		if !regexp.MustCompile(`(?m)^ok +` + check).MatchString(text) {
			t.Errorf("%s is not well:\n%s", check, text)
		}
	}
	attachmentsLost(t, folder)
	sealElsewhere(t, folder)
	if text, code := output(t, "doctor", "--data", folder); code == 0 || !strings.Contains(text, "Helper (token)") || !strings.Contains(text, "Orders (Authorization)") || !strings.Contains(text, "(mail)") {
		t.Errorf("secrets of another key: %d\n%s", code, text)
	}
	if err := os.Remove(filepath.Join(folder, "secret.key")); err != nil {
		t.Fatal(err)
	}
	if text, code := output(t, "doctor", "--data", folder); code == 0 || !strings.Contains(text, "WRONG  secrets") {
		t.Errorf("without the key: %d\n%s", code, text)
	}
	if _, err := os.Stat(filepath.Join(folder, "secret.key")); err == nil {
		t.Error("the doctor made a key: it is there to look, and changes nothing")
	}
}

// The doctor finds damage, what others can read, and what cannot be written.
func TestDoctorLooksAtTheFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "rapport.db")
	prepared(t, file, 3000)
	says := func(what string, wants ...string) {
		t.Helper()
		text, _ := output(t, "doctor", "--data", folder)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: it does not say %q:\n%s", what, want, text)
			}
		}
	}
	says("all is well", "ok     access", "ok     writing", "ok     damage", "ok     index")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	says("others may read", "WRONG  access       everybody on this machine can read "+file, "chmod 600 "+file)
	if err := os.Chmod(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	says("others may not enter the folder", "ok     access")

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	copy(text[len(text)-20*page:], bytes.Repeat([]byte("garbage "), 20*page/8))
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	says("damaged", "WRONG  damage", file+" is damaged", "restore the backup")
	if text, _ := output(t, "doctor", "--no-check", "--data", folder); strings.Contains(text, "damage ") {
		t.Errorf("--no-check looked for damage:\n%s", text)
	}
	if err := os.WriteFile(file, bytes.Repeat([]byte("garbage "), page), 0o644); err != nil {
		t.Fatal(err)
	}
	says("no database at all", "WRONG  database", "restore the backup")
}

// prepared makes a database with some events.
func prepared(t *testing.T, file string, events int) {
	t.Helper()
	db := rapporttest.Open(t, file)
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for range events {
			if err := tx.Append(rapport.Event{Kind: "test", ContactID: rapport.NewID[rapport.ContactID]()}, rapport.Change{}); err != nil {
				return err
			}
		}
		return nil
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// A job that failed for good keeps the doctor busy for a day, not for ever.
func TestDoctorTellsOfFailedJobs(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	fail := func(id string, at time.Time) string {
		t.Helper()
		db := rapporttest.Open(t, filepath.Join(folder, "rapport.db"))
		defer db.Close()
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			j := store.Job{ID: id, Kind: "deliver", Args: "{}", DueAt: at}
			return errors.Join(tx.InsertJob(j), tx.FailJob(j, "the shop says no"))
		}); err != nil {
			t.Fatal(err)
		}
		text, _ := output(t, "doctor", "--data", folder)
		return text
	}
	if text := fail("old", time.Now().Add(-50*time.Hour)); !strings.Contains(text, "ok     jobs") || !strings.Contains(text, "deliver (old), 50h0m ago: the shop says no") {
		t.Errorf("of one long ago:\n%s", text)
	}
	if text := fail("new", time.Now().Add(-5*time.Minute)); !strings.Contains(text, "WRONG  jobs         1 failed for good within a day, 1 earlier") || !strings.Contains(text, "deliver (new), 5m ago: the shop says no") {
		t.Errorf("of one just now:\n%s", text)
	}
}

// sealElsewhere gives a bot, a context card and the account secrets that the
// key of this folder does not open.
func sealElsewhere(t *testing.T, folder string) {
	t.Helper()
	box, err := secretbox.Open(filepath.Join(t.TempDir(), "other.key"))
	if err != nil {
		t.Fatal(err)
	}
	b, c := rapport.NewID[rapport.BotID](), rapport.NewID[rapport.CardID]()
	err = rapporttest.Open(t, filepath.Join(folder, "rapport.db")).Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(
			tx.SaveBot(rapport.Bot{ID: b, Name: "Helper", Kind: "webhook"}, map[string]string{"token": box.Seal("secret", string(b))}),
			tx.SaveCard(rapport.Card{ID: c, Name: "Orders"}, map[string]string{"Authorization": box.Seal("secret", string(c))}),
			tx.SaveSealed("mail", box.Seal("secret", "mail")),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// attachmentsLost takes an attachment away, and a part of another one.
func attachmentsLost(t *testing.T, folder string) {
	t.Helper()
	db := rapporttest.Open(t, filepath.Join(folder, "rapport.db"))
	blobs, err := blob.OpenDisk(filepath.Join(folder, "files"))
	if err != nil {
		t.Fatal(err)
	}
	var ids []rapport.FileID
	for _, name := range []string{"whole.txt", "short.txt", "gone.txt"} {
		f := store.File{File: rapport.File{ID: rapport.NewID[rapport.FileID](), Name: name, Type: "text/plain", Size: 5}, Owner: "agent:ada", State: store.FileReady, CreatedAt: time.Now()}
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.InsertFile(f) }); err != nil {
			t.Fatal(err)
		}
		if err := blobs.Put(t.Context(), string(f.ID), strings.NewReader("hello"), 5); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, f.ID)
	}
	if text, _ := output(t, "doctor", "--data", folder); !strings.Contains(text, "all 3 attachments are there") {
		t.Errorf("with all attachments:\n%s", text)
	}
	if err := blobs.Put(t.Context(), string(ids[1]), strings.NewReader("hel"), 3); err != nil {
		t.Fatal(err)
	}
	if err := blobs.Delete(t.Context(), string(ids[2])); err != nil {
		t.Fatal(err)
	}
	text, code := output(t, "doctor", "--data", folder)
	if code == 0 || !strings.Contains(text, "WRONG  files") || !strings.Contains(text, "has 3 bytes instead of 5") || !strings.Contains(text, "gone.txt ("+string(ids[2])+") is missing") || strings.Contains(text, "whole.txt") {
		t.Errorf("with an attachment missing and one cut off: %d\n%s", code, text)
	}
}
