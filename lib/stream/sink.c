/*
 * sink -- where the results of batches go.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "stream/gzip_out.h"
#include "stream/sink.h"

#define MAX_WIDTH 18

/* The length of a conversion like %d or %05d at ${s}, 0: none. */
static size_t conversion(const char *s, unsigned *width)
{
	size_t n = 1;

	*width = 0;
	for (; s[n] >= '0' && s[n] <= '9'; n++)
		if (*width <= MAX_WIDTH)
			*width = *width * 10 + (unsigned)(s[n] - '0');
	return s[n] == 'd' || s[n] == 'u' ? n + 1 : 0;
}

static void add_number(struct buf *b, uint64_t n, unsigned width)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu",
			   (unsigned long long)n);

	for (unsigned i = (unsigned)len; i < width; i++)
		buf_addc(b, '0');
	buf_add(b, digits, (size_t)len);
}

void sink_name(struct buf *b, const char *pattern, uint64_t serial)
{
	unsigned width;

	buf_clear(b);
	for (const char *s = pattern; *s; s++) {
		if (*s != '%') {
			buf_addc(b, *s);
		} else if (s[1] == '%') {
			buf_addc(b, *s++);
		} else {
			size_t len = conversion(s, &width);

			add_number(b, serial, width);
			s += len - 1;
		}
	}
	buf_cstr(b);
}

static int check_pattern(const char *pattern)
{
	unsigned n = 0, width = 0;
	size_t len = 0;

	for (const char *s = pattern; *s; s++) {
		if (*s != '%')
			continue;
		if (s[1] == '%') {
			s++;
			continue;
		}
		len = conversion(s, &width);
		if (!len || width > MAX_WIDTH)
			break;
		n++;
		s += len - 1;
	}
	if (n == 1 && (len && width <= MAX_WIDTH))
		return RC_DONE;
	err_msg("--batch-files=%s: want one place for the number, like "
		"part-%%05d.ndjson", pattern);
	return RC_USAGE;
}

static int usage(const char *name, const char *why)
{
	err_msg("%s: --resume cannot go on: %s", name, why);
	return RC_USAGE;
}

/* The open file .out.fd is cut back to where the log says it was whole. */
static int cut_back(struct sink *s, const char *name, uint64_t end)
{
	struct stat st;

	if (fstat(s->out.fd, &st) || !S_ISREG(st.st_mode))
		return usage(name, "the output is no regular file (name one "
			     "with --output, or use --batch-files)");
	if ((uint64_t)st.st_size < end)
		return usage(name, "it is shorter than the log says (append "
			     "with >> to what the last run wrote, or start "
			     "anew)");
	if (ftruncate(s->out.fd, (off_t)end) ||
	    lseek(s->out.fd, (off_t)end, SEEK_SET) < 0) {
		err_msg("%s: cannot be cut back: %s", name, strerror(errno));
		return RC_FAILED;
	}
	s->end = end;
	return RC_DONE;
}

/*
 * FILE.partial, or, when the last run had put it in place, FILE. 
 */
static int open_logged(struct sink *s, const struct sink_opts *o)
{
	struct buf name = {0};
	struct stat st;
	int flags = O_WRONLY | O_CLOEXEC;

	buf_adds(&name, o->output);
	buf_adds(&name, ".partial");
	s->partial = buf_cstr(&name);	/* now owned by s */
	s->path = mem_dup(o->output, strlen(o->output));
	if (!o->resume || !o->end)
		flags |= O_CREAT | O_TRUNC;
	else if (access(s->partial, F_OK) && !stat(s->path, &st) &&
		 (uint64_t)st.st_size == o->end &&
		 rename(s->path, s->partial))
		return usage(o->output, strerror(errno));
	s->out = (struct out){ .fd = open(s->partial, flags, 0666) };
	if (s->out.fd < 0 && errno == ENOENT && !(flags & O_CREAT))
		return usage(s->partial, "it is gone, or the output in place "
			     "is not what the log says (start anew)");
	if (s->out.fd < 0) {
		err_msg("%s: cannot be written: %s", s->partial,
			strerror(errno));
		return RC_FAILED;
	}
	s->out.path = mem_dup(s->partial, strlen(s->partial));
	return o->resume ? cut_back(s, s->partial, o->end) : RC_DONE;
}

int sink_open(struct sink *s, const struct sink_opts *o)
{
	struct stat st;
	off_t at;

	*s = (struct sink){ .pattern = o->pattern, .out = {.fd = -1} };
	if (o->pattern)
		return check_pattern(o->pattern);
	if (o->output && o->logged) {
		s->regular = true;
		return open_logged(s, o);
	}
	if (out_open(&s->out, o->output))
		return RC_FAILED;
	s->regular = !fstat(s->out.fd, &st) && S_ISREG(st.st_mode);
	at = s->regular ? lseek(s->out.fd, 0, SEEK_CUR) : 0;
	s->end = at > 0 ? (uint64_t)at : 0;
	return o->resume ? cut_back(s, "<stdout>", o->end) : RC_DONE;
}

/* A batch goes to one of these. */
struct target {
	struct out *out;
	struct gzip_out *gz;	/* or NULL */
};

static int put(void *arg, const void *data, size_t len)
{
	struct target *t = arg;

	return t->gz ? gzip_out_add(t->gz, data, len)
		     : out_add(t->out, data, len);
}

static int put_batch(struct target *t, struct hold *held, struct parcel *p)
{
	if (held)
		return hold_give(held, put, t);
	if (parcel_load(p)) {
		err_msg("a batch cannot be read again: %s", strerror(errno));
		return -1;
	}
	return put(t, p->text.s, p->text.len);
}

static int put_file(struct sink *s, uint64_t serial, struct hold *held,
		    struct parcel *p)
{
	struct out out;
	struct buf name = {0};
	struct target t = { .out = &out };
	int rc = -1;

	sink_name(&name, s->pattern, serial);
	if (!out_open(&out, name.s)) {
		if (name.len > 3 && !strcmp(name.s + name.len - 3, ".gz"))
			t.gz = gzip_out_new(&out);
		rc = put_batch(&t, held, p);
		if (gzip_out_end(t.gz))
			rc = -1;
		rc = out_close(&out, rc ? RC_USAGE : RC_DONE) || rc ? -1 : 0;
	}
	buf_release(&name);
	return rc;
}

int sink_batch(struct sink *s, uint64_t serial, struct hold *held,
	       struct parcel *p)
{
	struct target t = { .out = &s->out };
	off_t at;

	if (s->pattern)
		return put_file(s, serial, held, p);
	if (put_batch(&t, held, p) || out_flush(&s->out))
		return -1;
	at = s->regular ? lseek(s->out.fd, 0, SEEK_CUR) : 0;
	s->end = at > 0 ? (uint64_t)at : 0;
	return 0;
}

int sink_close(struct sink *s, int rc)
{
	bool opened = s->out.fd >= 0;

	rc = out_close(&s->out, rc);
	if (opened && s->partial && (rc == RC_DONE || rc == RC_FINDING)) {
		if (rename(s->partial, s->path)) {
			err_msg("%s: cannot rename %s to it: %s", s->path,
				s->partial, strerror(errno));
			rc = rc_join(rc, RC_FAILED);
		}
	} else if (opened && s->partial) {
		err_msg("%s: incomplete output is kept there (--resume goes "
			"on)", s->partial);
	}
	free(s->partial);
	free(s->path);
	*s = (struct sink){ .out = {.fd = -1} };
	return rc;
}
