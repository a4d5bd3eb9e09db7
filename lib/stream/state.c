/*
 * state -- what there is to read since the last run.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Their inline form: the library is linked for the rest. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/err.h"
#include "base/mem.h"
#include "stream/state.h"
#include "stream/stream.h"

#define STEP (64 * 1024)

/* A file as it is now. */
struct now {
	const char *name;
	int fd;
	uint64_t device, inode, size;
	bool packed;
};

void state_release(struct state *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->files[i].source);
	free(s->files);
	free(s->watermark);
	free(s->expr);
	free(s->extents);
	free(s->index);
	*s = (struct state){0};
}

/* ${len} bytes at ${at}; less only at the end.  -1 after a message. */
static ssize_t read_at(const struct now *f, char *to, size_t len, uint64_t at)
{
	size_t have = 0;
	ssize_t n;

	while (have < len) {
		n = pread(f->fd, to + have, len - have, (off_t)(at + have));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_msg("%s: %s", f->name, strerror(errno));
			return -1;
		}
		if (!n)
			break;
		have += (size_t)n;
	}
	return (ssize_t)have;
}

/* Hash of the first ${*len} bytes; ${*len} becomes what there is of them. */
static int head_of(const struct now *f, uint64_t *len, uint64_t *hash)
{
	char head[STATE_HEAD];
	ssize_t n = read_at(f, head, (size_t)*len, 0);

	if (n < 0)
		return -1;
	*len = (uint64_t)n;
	*hash = XXH3_64bits(head, (size_t)n);
	return 0;
}

/* The last one that had the file's place on the disk. */
static struct state_file *by_inode(struct state *s, const struct now *f)
{
	for (size_t i = s->n; i-- > 0;)
		if (s->files[i].device == f->device &&
		    s->files[i].inode == f->inode)
			return &s->files[i];
	return NULL;
}

/* Generation of a source of that name: 1 for the name itself; 0: another. */
static uint64_t generation(const char *source, const char *name)
{
	size_t len = strlen(name);
	uint64_t n;

	if (strncmp(source, name, len))
		return 0;
	if (!source[len])
		return 1;
	if (source[len] != '#' || opt_number(source + len + 1, &n) || n < 2)
		return 0;
	return n;
}

/* The latest generation there is of a name. */
static struct state_file *latest(struct state *s, const char *name, uint64_t *n)
{
	struct state_file *found = NULL;
	uint64_t g;

	*n = 0;
	for (size_t i = 0; i < s->n; i++) {
		g = generation(s->files[i].source, name);
		if (g > *n) {
			*n = g;
			found = &s->files[i];
		}
	}
	return found;
}

/* A file that was not known before, by the name that is free for it. */
static struct state_file *add_file(struct state *s, const struct now *f)
{
	struct buf name = {0};
	struct state_file *file, *old;
	uint64_t n;
	size_t before;

	old = latest(s, f->name, &n);
	before = old ? (size_t)(old - s->files) + 1 : 0;
	buf_adds(&name, f->name);
	if (n)
		buf_addf(&name, "#%llu", (unsigned long long)n + 1);
	mem_grow(&s->files, &s->cap, s->n + 1, sizeof(*s->files));
	file = &s->files[s->n++];
	*file = (struct state_file){
		.source = buf_cstr(&name),	/* now owned by it */
		.device = f->device, .inode = f->inode, .before = before
	};
	return file;
}

/* Is it the file it was?  Else says what became of it. */
static int still(const struct state_file *was, const struct now *f, bool *same)
{
	uint64_t len = was->head_len, hash;

	*same = false;
	if (f->size < (was->packed ? was->size : was->read)) {
		err_msg("%s: shrank from %llu bytes to %llu: taken for another "
			"file and read from its start", f->name,
			(unsigned long long)(was->packed ? was->size :
							   was->read),
			(unsigned long long)f->size);
		return 0;
	}
	if (head_of(f, &len, &hash))
		return -1;
	*same = len == was->head_len && hash == was->head;
	if (!*same)
		err_msg("%s: does not begin as it did: taken for another file "
			"and read from its start", f->name);
	return 0;
}

/* The end of the last whole line in [from, size), or ${from}. */
static int last_line(const struct now *f, uint64_t from, uint64_t *to)
{
	static const char line_end = '\n';
	char text[STEP];
	uint64_t at = f->size;

	while (at > from) {
		size_t len = at - from < STEP ? (size_t)(at - from) : STEP;
		const char *p;
		ssize_t n = read_at(f, text, len, at - len);

		if (n < 0)
			return -1;
		p = memrchr(text, line_end, (size_t)n);
		if (p) {
			*to = at - len + (uint64_t)(p - text) + 1;
			return 0;
		}
		at -= len;
	}
	*to = from;
	return 0;
}

static void add_extent(struct state *s, const struct now *f,
		       const struct state_file *file, uint64_t to)
{
	size_t i = s->nextents;

	mem_grow(&s->extents, &s->extents_cap, i + 1, sizeof(*s->extents));
	mem_grow(&s->index, &s->index_cap, i + 1, sizeof(*s->index));
	s->extents[i] = (struct extent){
		.source = f->name, .from = file->read, .to = to,
		.shown = file->source
	};
	s->index[i] = (size_t)(file - s->files);
	s->grown |= file->read > 0;
	s->nextents++;
}

/* What is to be read of a file that is known, or new. */
static int plan_extent(struct state *s, const struct now *f,
		       struct state_file *file, bool final)
{
	uint64_t to = f->size;

	if (file->seen) {
		err_msg("%s: the same file as another one; its records would "
			"count twice (name it once)", f->name);
		return -1;
	}
	file->seen = true;
	file->packed = f->packed;
	file->head_len = STATE_HEAD;
	if (head_of(f, &file->head_len, &file->head))
		return -1;
	if (f->packed) {
		/* the end of its text is not known before it is read */
		if (f->size != file->size)
			add_extent(s, f, file, UINT64_MAX);
		file->size = f->size;
		return 0;
	}
	if (!final && last_line(f, file->read, &to))
		return -1;
	file->size = f->size;
	if (to > file->read)
		add_extent(s, f, file, to);
	return 0;
}

static int plan_open(struct state *s, const struct now *f, bool final)
{
	struct state_file *file = by_inode(s, f);
	bool same = file && file->seen;

	if (file && !same && still(file, f, &same))
		return -1;
	if (same)
		return plan_extent(s, f, file, final);
	return plan_extent(s, f, add_file(s, f), final);
}

/* Packed or plain; only lines can be read on with. */
static int look(struct now *f, const struct reader_opts *opts)
{
	struct reader_opts quiet = *opts;
	struct stream stream;
	int rc = 0;

	quiet.hints = false;
	stream_init(&stream);
	if (stream_open(&stream, &quiet, f->name, f->name) &&
	    stream.state == GOT_FAULT) {
		err_msg("%s: %s", f->name, stream.source.reason);
		rc = -1;
	} else if (f->size && stream.form != INPUT_LINES &&
		   stream.form != INPUT_AUTO) {
		err_msg("%s: --state needs one record a line (--input=lines "
			"overrules what it looks like)", f->name);
		rc = -1;
	}
	f->packed = stream.source.kind == SOURCE_GZIP ||
		    stream.source.kind == SOURCE_ZSTD;
	stream_close(&stream);
	stream_release(&stream);
	return rc;
}

static int plan_name(struct state *s, const struct reader_opts *opts,
		     const char *name, bool final)
{
	struct now f = {.name = name, .fd = -1};
	struct stat st;
	int rc;

	if (stat(name, &st)) {
		err_msg("%s: %s", name, strerror(errno));
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		err_msg("%s: --state needs regular files", name);
		return -1;
	}
	f.device = st.st_dev;
	f.inode = st.st_ino;
	f.size = (uint64_t)st.st_size;
	if (look(&f, opts))
		return -1;
	f.fd = open(name, O_RDONLY | O_CLOEXEC);
	if (f.fd < 0) {
		err_msg("%s: %s", name, strerror(errno));
		return -1;
	}
	rc = plan_open(s, &f, final);
	close(f.fd);
	return rc;
}

/* A file whose name another one has now: is it read on elsewhere? */
static void tell_rotated(const struct state *s, const struct state_file *new)
{
	const struct state_file *old = &s->files[new->before - 1];

	if (!old->seen && (old->device != new->device ||
			   old->inode != new->inode))
		err_msg("%s is another file now, read as %s: what the old one "
			"was given behind byte %llu is not read (name the "
			"file it was moved to as well)", old->source,
			new->source, (unsigned long long)old->read);
}

int state_plan(struct state *s, const struct reader_opts *opts, char **names,
	       size_t n, bool final)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(names[i], "-")) {
			err_msg("--state needs named files, not standard input "
				"(--watermark with $since in --where goes with "
				"a pipe)");
			return -1;
		}
		if (plan_name(s, opts, names[i], final))
			return -1;
	}
	for (size_t i = 0; i < s->n; i++)
		if (s->files[i].before)
			tell_rotated(s, &s->files[i]);
	/* an array, even where there is nothing in it */
	mem_grow(&s->extents, &s->extents_cap, 1, sizeof(*s->extents));
	for (size_t i = 0; i < s->nextents; i++)
		s->extents[i].shown = s->files[s->index[i]].source;
	return 0;
}

void state_set_watermark(struct state *s, const char *expr, const char *text,
			 size_t len)
{
	free(s->expr);
	free(s->watermark);
	s->expr = mem_dup(expr, strlen(expr));
	s->watermark = mem_dup(text, len);
}

void state_saw(struct state *s, size_t i, uint64_t to)
{
	struct state_file *file = &s->files[s->index[i]];

	if (to > file->read)
		file->read = to;
}
