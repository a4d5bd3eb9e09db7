/*
 * pathtext -- where a node stands, as text.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "json/str.h"
#include "attrs/pathtext.h"

void pathtext_release(struct pathtext *p)
{
	buf_release(&p->path);
	buf_release(&p->steps);
	buf_release(&p->quoted);
	buf_release(&p->text);
	free(p->frames);
	*p = (struct pathtext){0};
}

/* Can ${key} stand in a path without quotes? */
static bool is_bare(const char *key, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = key[i];
		bool letter = (c >= 'a' && c <= 'z') ||
			      (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return len > 0;
}

/*
 * What joins the path of frame ${above} and a step: nothing behind the root's
 * ".", and a pipe behind fromjson.
 */
static void add_joint(struct pathtext *p, size_t above, const char *plain)
{
	if (above == 0)
		return;
	if (p->frames[above].kind == STEP_NULL)
		buf_add(&p->path, "|.", 2);
	else
		buf_adds(&p->path, plain);
}

static void add_key(struct pathtext *p, struct path_frame *f, const char *key,
		    size_t len)
{
	buf_clear(&p->quoted);
	str_write(&p->quoted, key, len);
	buf_add(&p->steps, p->quoted.s, p->quoted.len);
	f->name = f->steps + 1;
	f->name_len = p->quoted.len - 2;
	if (is_bare(key, len)) {
		buf_add(&p->path, key, len);
		return;
	}
	/* a JSON string in the path, and the path in another */
	buf_clear(&p->text);
	str_write(&p->text, p->quoted.s, p->quoted.len);
	buf_add(&p->path, p->text.s + 1, p->text.len - 2);
}

static void add_step(struct pathtext *p, size_t above, struct path_frame *f,
		     const struct attr *a)
{
	switch (a->kind) {
	case STEP_KEY:
		add_joint(p, above, ".");
		add_key(p, f, a->key, a->key_len);
		break;
	case STEP_ITEM:
		add_joint(p, above, "");
		buf_add(&p->path, "[]", 2);
		buf_add(&p->steps, "[]", 2);
		break;
	case STEP_MAP:
		add_joint(p, above, "");
		buf_add(&p->path, "{}", 2);
		buf_add(&p->steps, "{}", 2);
		break;
	case STEP_NULL:
		buf_adds(&p->path, "|fromjson");
		buf_adds(&p->steps, "null");
		break;
	}
}

static void push_root(struct pathtext *p)
{
	mem_grow(&p->frames, &p->cap, 1, sizeof(*p->frames));
	buf_clear(&p->path);
	buf_clear(&p->steps);
	buf_addc(&p->path, '.');
	p->frames[0] = (struct path_frame){
		.node = NODE_ROOT, .kind = STEP_NULL, .path = 1, .level = -1
	};
	p->depth = 1;
}

/* One step down from the last frame. */
static void push(struct pathtext *p, const struct tree *t, uint32_t node)
{
	const struct attr *a = &t->attrs[node];
	size_t above = p->depth - 1;
	struct path_frame f = p->frames[above];

	p->path.len = f.path;
	p->steps.len = f.steps;
	if (above > 0)
		buf_addc(&p->steps, ',');
	f.steps = p->steps.len;
	if (a->kind == STEP_KEY || a->kind == STEP_MAP) {
		f.object = f.path;
		f.level++;
	} else if (a->kind == STEP_ITEM) {
		f.array = f.path;
	}
	add_step(p, above, &f, a);
	f.node = node;
	f.kind = a->kind;
	f.path = p->path.len;
	f.steps = p->steps.len;
	mem_grow(&p->frames, &p->cap, p->depth + 1, sizeof(*p->frames));
	p->frames[p->depth++] = f;
}

/* The nodes between the deepest frame that is above ${node} and ${node}. */
static void enter_far(struct pathtext *p, const struct tree *t, uint32_t node)
{
	size_t n = 0, cap = 0;
	uint32_t *chain = NULL;

	for (uint32_t at = node; at != NODE_ROOT; at = t->attrs[at].parent) {
		mem_grow(&chain, &cap, n + 1, sizeof(*chain));
		chain[n++] = at;
	}
	push_root(p);
	while (n > 0)
		push(p, t, chain[--n]);
	free(chain);
}

const struct path_frame *pathtext_enter(struct pathtext *p,
					const struct tree *t, uint32_t node)
{
	uint32_t parent = t->attrs[node].parent;

	if (node == NODE_ROOT) {
		push_root(p);
		return p->frames;
	}
	while (p->depth > 0 && p->frames[p->depth - 1].node != parent)
		p->depth--;
	if (p->depth > 0)
		push(p, t, node);
	else
		enter_far(p, t, node);
	return &p->frames[p->depth - 1];
}
