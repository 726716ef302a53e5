package api_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/api"
	"rapport/attachment"
	"rapport/blob"
	"rapport/channel"
	"rapport/rapporttest"
	"rapport/store"
)

// keeping gives a desk a place for attachments.
func keeping(t *testing.T, w *rapporttest.World) (*desk, *attachment.Shelf) {
	t.Helper()
	blobs, err := blob.OpenDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	limits := channel.DefaultLimits()
	limits.Channels["site"] = limits.Of("web")
	s := attachment.New(attachment.Shelf{DB: w.DB, Blobs: blobs, Limits: limits, Log: rapporttest.Log(t), Key: []byte("key")})
	return newDesk(t, w, func(c *api.Config) { c.Shelf = s }), s
}

func pngOf(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 600, 300))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// S3-36, S3-38, S3-52: files travel with replies and notes, once, and only
// whoever sees the conversation reads them.
func TestFiles(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d, _ := keeping(t, w)
		support, _ := w.Queue("support", "ana", "ben"), w.Queue("sales", "carla")
		for _, name := range []string{"ana", "ben", "carla"} {
			w.Status(name, rapport.StatusAway)
		}
		d.names["support"] = string(support.ID)
		w.Inbox("site", "support")
		w.Write("maria", "Where is my parcel?")
		d.named("maria")
		const c = "/api/v1/conversations/<maria>"
		data := pngOf(t)
		offset := func(n string) map[string]string { return map[string]string{"Upload-Offset": n} }
		d.run(
			exchange{as: "ana", do: "GET /api/v1/limits", status: 200, says: []string{`"note":{"max_bytes":26214400`, `"whatsapp"`}},
			exchange{as: "ana", do: "POST /api/v1/uploads", body: `{"name":"map.exe","size":10,"purpose":"reply","conversation_id":"<maria>"}`, status: 400, says: []string{"not of a type"}},
			exchange{as: "ana", do: "POST /api/v1/uploads", body: `{"name":"map.png","size":10,"purpose":"reply"}`, status: 400, says: []string{"conversation_id"}},
			exchange{as: "carla", do: "POST /api/v1/uploads", body: `{"name":"map.png","size":10,"purpose":"reply","conversation_id":"<maria>"}`, status: 404},
			exchange{as: "ana", do: "POST /api/v1/uploads", body: `{"name":"map.png","size":26214401,"purpose":"note"}`, status: 400, says: []string{"at most 25 MB"}},
			exchange{as: "ana", do: "POST /api/v1/uploads", body: `{"name":"map.png","size":` + itoa(len(data)) + `,"purpose":"reply","conversation_id":"<maria>"}`, status: 201, says: []string{`"offset":0`}, remains: map[string]string{"file": "id"}},
			exchange{as: "ben", do: "PATCH /api/v1/uploads/<file>", header: offset("0"), body: data, status: 404},
			exchange{as: "ben", do: "DELETE /api/v1/uploads/<file>", status: 404},
			exchange{as: "ana", do: "PATCH /api/v1/uploads/<file>", header: offset("0"), body: data[:100], status: 200, says: []string{`"offset":100`}, lacks: []string{`"file":`}},
			exchange{as: "ana", do: "GET /api/v1/uploads/<file>", status: 200, says: []string{`"offset":100`}},
			exchange{as: "ana", do: "PATCH /api/v1/uploads/<file>", header: offset("7"), body: data[7:], status: 409, says: []string{"wrong_offset"}},
			exchange{as: "ana", do: "PATCH /api/v1/uploads/<file>", body: data[100:], status: 400, says: []string{"Upload-Offset"}},
			exchange{as: "ana", do: "GET /api/v1/files/<file>", status: 404},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"","files":["<file>"],"client_id":"c0"}`, status: 400, says: []string{"not uploaded completely"}},
			exchange{as: "ana", do: "PATCH /api/v1/uploads/<file>", header: offset("100"), body: data[100:], status: 200, says: []string{`"type":"image/png"`, `"width":600`, `"thumb":true`}},
			// Not sent yet, it is its owner's alone.
			exchange{as: "ben", do: "GET /api/v1/files/<file>", status: 404},
			exchange{as: "ana", do: "GET /api/v1/files/<file>", status: 200},
			exchange{as: "ben", do: "POST " + c + "/messages", body: `{"body":"Mine?","files":["<file>"]}`, status: 400, says: []string{"no upload"}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"","files":["<file>"],"client_id":"c1"}`, status: 201, says: []string{`"files":[{"id":"<file>","name":"map.png"`}, events: []string{"message.sent"}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"","files":["<file>"],"client_id":"c1"}`, status: 200, says: []string{`"client_id":"c1"`}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"","files":["<file>"],"client_id":"c2"}`, status: 409, says: []string{"sent already"}},
			exchange{as: "ana", do: "DELETE /api/v1/uploads/<file>", status: 409},
			exchange{as: "ana", do: "GET " + c, status: 200, says: []string{"📎 map.png"}},
			exchange{as: "ben", do: "GET /api/v1/files/<file>", status: 200},
			exchange{as: "carla", do: "GET /api/v1/files/<file>", status: 404},
			exchange{do: "GET /api/v1/files/<file>", status: 401},
			exchange{do: "GET /files/<file>", status: 404},
			// Notes
			exchange{as: "ben", do: "POST /api/v1/files?purpose=note&name=list.csv", body: "a;b\n1;2\n", status: 201, says: []string{`"type":"text/csv"`}, remains: map[string]string{"list": "id"}},
			exchange{as: "ben", do: "POST " + c + "/notes", body: `{"body":"See this.","files":["<list>"]}`, status: 201, says: []string{"list.csv"}, events: []string{"note.added"}},
			exchange{as: "ana", do: "GET /api/v1/files/<list>", status: 200, says: []string{"1;2"}},
			exchange{as: "carla", do: "GET /api/v1/files/<list>", status: 404},
			// Places
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"","location":{"latitude":52.52,"longitude":13.405,"name":"Berlin"}}`, status: 201, says: []string{`"location":{"latitude":52.52,"longitude":13.405,"name":"Berlin"}`}, events: []string{"message.sent"}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"","location":{"latitude":99,"longitude":0}}`, status: 400, says: []string{`"field":"location.latitude"`}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"","location":{"latitude":0,"longitude":0}}`, status: 400, says: []string{"coordinates or a name"}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"` + strings.Repeat("x", 5001) + `"}`, status: 400, says: []string{"takes at most 5000"}},
			exchange{as: "ana", do: "GET /api/v1/places?q=Berlin", status: 200, says: []string{`"available":false`}},
		)
	})
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// A channel that carries neither files nor places says so (S3-37).
func TestFilesRefusedByTheChannel(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d, shelf := keeping(t, w)
	w.Queue("support", "ana")
	shelf.Limits.Channels[w.Inbox("hook", "support").Channel] = shelf.Limits.Of("sms")
	w.Write("maria", "Hello")
	d.named("maria")
	d.run(
		exchange{as: "ana", do: "POST /api/v1/uploads", body: `{"name":"a.png","size":10,"purpose":"reply","conversation_id":"<maria>"}`, status: 400, says: []string{"carries no files"}},
		exchange{as: "ana", do: "POST /api/v1/files?purpose=note&name=a.txt", body: "hello", status: 201, remains: map[string]string{"note": "id"}},
		// Uploaded for a note, it does not go to the customer.
		exchange{as: "ana", do: "POST /api/v1/conversations/<maria>/messages", body: `{"body":"x","files":["<note>"]}`, status: 400, says: []string{"carries no files"}},
		exchange{as: "ana", do: "POST /api/v1/conversations/<maria>/messages", body: `{"body":"x","location":{"latitude":1,"longitude":1}}`, status: 400, says: []string{"no places"}},
	)
	// Nor does it to somebody whom one writes to first (C18, S3-38, S3-39).
	hotline := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: "text", Name: "hotline", QueueID: w.Queue("support").ID, Enabled: true}
	w.Update(func(tx *store.Tx) error { return tx.SaveInbox(hotline, nil) })
	d.names["hotline"] = string(hotline.ID)
	first := func(what string) string {
		return `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},` + what + `}`
	}
	d.run(
		exchange{as: "ana", do: "POST /api/v1/conversations", body: first(`"body":"` + strings.Repeat("x", 1001) + `"`), status: 400, says: []string{`"field":"body"`, "takes at most 1000"}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: first(`"body":"x","files":["<note>"]`), status: 400, says: []string{"carries no files"}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: first(`"body":"x","location":{"latitude":1,"longitude":1}`), status: 400, says: []string{"no places"}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: first(`"body":"` + strings.Repeat("ü", 1000) + `"`), status: 201, events: []string{"conversation.opened"}},
	)
	// Nor is what waits changed into something that could not leave.
	tomorrow := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	shelf.Limits.Note.MaxBytes = 1
	d.run(
		exchange{as: "ana", do: "POST /api/v1/conversations/<maria>/messages", body: `{"body":"x","send_at":"` + tomorrow + `"}`, status: 202, events: []string{"outgoing.changed"}, remains: map[string]string{"later": "outgoing.id"}},
		exchange{as: "ana", do: "PATCH /api/v1/outgoing/<later>", body: `{"body":"` + strings.Repeat("x", 1531) + `"}`, status: 400, says: []string{`"field":"body"`, "takes at most 1530"}},
		exchange{as: "ana", do: "PATCH /api/v1/outgoing/<later>", body: `{"body":"` + strings.Repeat("x", 1530) + `"}`, status: 200, events: []string{"outgoing.changed"}},
		exchange{as: "ana", do: "POST /api/v1/internal-conversations", body: `{"topic":"Stock","queue_id":"` + string(w.Queue("support").ID) + `","body":"x","files":["<note>"]}`, status: 400, says: []string{"a note takes at most"}},
	)
}

// Holds: files are inert. Whatever they are, they run nothing; what a browser
// should not show is saved.
func TestFilesAreInert(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d, shelf := keeping(t, w)
	w.Agent("ana")
	for _, c := range []struct{ name, body, how string }{
		{"map.png", pngOf(t), "inline; filename=map.png"},
		{"list.csv", "a;b\n", "attachment; filename=list.csv"},
		{"übersicht.txt", "hello", "attachment; filename*=utf-8''%C3%BCbersicht.txt"},
		{"data.xml", "<?xml version=\"1.0\"?><a/>", "attachment; filename=data.xml"},
	} {
		d.run(exchange{as: "ana", do: "POST /api/v1/files?purpose=note&name=" + c.name, body: c.body, status: 201, remains: map[string]string{"file": "id"}})
		for _, x := range []exchange{{as: "ana", do: "GET /api/v1/files/<file>"}, {do: "GET " + shelf.URL(rapport.FileID(d.names["file"]), attachment.Whole, time.Hour)}} {
			rec := d.request(x)
			h := rec.Header()
			if rec.Code != http.StatusOK || rec.Body.String() != c.body {
				t.Errorf("%s: %d with %d bytes", c.name, rec.Code, rec.Body.Len())
			}
			if h.Get("Content-Disposition") != c.how || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || strings.Contains(h.Get("Content-Security-Policy"), "script") {
				t.Errorf("%s is sent with %v", c.name, h)
			}
		}
	}
	d.run(exchange{as: "ana", do: "POST /api/v1/files?purpose=note&name=page.txt", body: "<HTML><SCRIPT>alert(1)</SCRIPT>", status: 400, says: []string{"text/html"}})
	rec := d.request(exchange{as: "ana", do: "GET /api/v1/files/<file>", header: map[string]string{"Range": "bytes=1-4"}})
	if rec.Code != http.StatusPartialContent || rec.Body.String() != "?xml" {
		t.Errorf("a part of a file: %d %q", rec.Code, rec.Body)
	}
}
