// Package blob keeps the bytes of attachments: in a folder, or in any store
// that speaks S3. What they belong to stands in the database; here are only
// keys and bytes.
//
//	Put ─► on disk and safe when it returns ─► Open, any number of times ─► Delete
//
// A key is written once and never changed. Put replaces nothing half: a reader
// finds all bytes or none. A crash may leave bytes that no row of the database
// names; they cost room and nothing else.
//
// The package also knows what bytes are (Sniff) and makes thumbnails of
// pictures within bounds (Thumbnail): it decodes nothing whose header promises
// more pixels than memory should hold.
package blob
