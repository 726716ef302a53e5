// Package customer holds the rules about the people outside: how they are
// reached, which conversations are theirs, and who is the same person.
//
//	Create AddPoint ChangePoint RemovePoint SetTags   what is known
//	Look Merge Undo                                   two who are one
//	Link Unlink                                       whose a conversation is
//	Follow Duplicates Dismiss                         who may be the same
//	Check Import Export                               files of customers
//	Write Erase                                       what one person may ask for
//
// A merge moves conversations, contact points and bonds from one contact to the
// other, which survives; the first stays as an empty shell that leads to it:
//
//	known A ──┐
//	          ├─ Merge ──► A with all;  B merged into A  ── Undo ──► A, B
//	known B ──┘
//
// Invariants: a contact point belongs to at most one contact; a conversation
// belongs to a contact that was not merged into another; at most one
// conversation of a contact and inbox is not closed (S3-25); the bond that a
// conversation left goes wherever the conversation goes, and what was there
// before it comes back (trap 14). Whatever fails leaves all as it was.
package customer
