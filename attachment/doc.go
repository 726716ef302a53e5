// Package attachment takes files in, keeps them until a message or note has
// them, and gives them out again.
//
//	Begin ─► partial ─► Append, from any offset that is kept ─► ready ─► an item has it
//	            │                                                 │
//	            └──────── Drop, or a day without an item ─────────┴─► gone ─► bytes removed ─► forgotten
//
// What Append has acknowledged is safe: the bytes of each part are in the blob
// store before the row of the database counts them, and a part whose row did
// not make it is removed. When all bytes are there they are joined, looked at
// (what they are by themselves, whether that fits the name, how large a picture
// is) and only then can anybody use them.
//
// Files are given out to whoever may see their conversation, and to whoever
// holds a signed address that has not run out.
package attachment
