/*
 * out -- where a program's result goes: stdout, or a file put in place whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"

enum { COLLECT = 256 * 1024 };

/*
 * Temporary files that are not in place yet, for exit(3).  ${pid}: a child that
 * exits must leave its parent's files alone.
 */
struct temp {
	struct temp *next;
	char *temp, *partial;
	pid_t pid;
};
static struct temp *temps;
static pthread_mutex_t temps_lock = PTHREAD_MUTEX_INITIALIZER;

static int keep_partial(const char *temp, const char *partial)
{
	if (rename(temp, partial)) {
		err_msg("%s: cannot rename to %s: %s", temp, partial,
			strerror(errno));
		return -1;
	}
	err_msg("%s: incomplete output is kept there", partial);
	return 0;
}

static void at_exit(void)
{
	struct temp *t;

	/* No allocation here, no waiting for a lock: the end is near. */
	if (pthread_mutex_trylock(&temps_lock))
		return;
	for (t = temps; t; t = t->next)
		if (t->pid == getpid())
			keep_partial(t->temp, t->partial);
}

static void arrange_exit(void)
{
	if (atexit(at_exit))
		err_msg("cannot arrange for the end of the program");
}

static void temps_add(const char *temp, const char *path)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct temp *t = mem_alloc(sizeof(*t));
	struct buf name = {0};

	pthread_once(&once, arrange_exit);
	t->temp = mem_dup(temp, strlen(temp));
	buf_adds(&name, path);
	buf_adds(&name, ".partial");
	t->partial = buf_cstr(&name);	/* now owned by t */
	t->pid = getpid();
	pthread_mutex_lock(&temps_lock);
	t->next = temps;
	temps = t;
	pthread_mutex_unlock(&temps_lock);
}

/* Takes the entry of ${temp} out of the list; the caller frees it. */
static struct temp *temps_take(const char *temp)
{
	struct temp **at, *t;

	pthread_mutex_lock(&temps_lock);
	for (at = &temps; *at && strcmp((*at)->temp, temp); at = &(*at)->next)
		;
	t = *at;
	if (t)
		*at = t->next;
	pthread_mutex_unlock(&temps_lock);
	return t;
}

static const char *shown_name(const struct out *o)
{
	return o->path ? o->path : "<stdout>";
}

/* A new file beside ${o}->path, which is left alone until the end. */
static int open_temp(struct out *o)
{
	struct buf name = {0};
	unsigned i;

	for (i = 0; i < 10000; i++) {
		buf_clear(&name);
		buf_addf(&name, "%s.%ld-%u.tmp", o->path, (long)getpid(), i);
		o->fd = open(buf_cstr(&name),
			     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (o->fd >= 0 || errno != EEXIST)
			break;
	}
	if (o->fd < 0) {
		buf_release(&name);
		return -1;
	}
	o->temp = name.s;		/* now owned by o */
	temps_add(o->temp, o->path);
	return 0;
}

static int open_path(struct out *o, const char *path)
{
	struct stat st;
	char *real;

	if (!*path) {
		errno = ENOENT;
		return -1;
	}
	real = realpath(path, NULL);
	if (!real && errno != ENOENT && errno != ENOMEM)
		return -1;
	o->path = real ? real : mem_dup(path, strlen(path));
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		/* By the name given: /dev/stdout leads to no path at all. */
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		return o->fd < 0 ? -1 : 0;
	}
	return open_temp(o);
}

int out_open(struct out *o, const char *path)
{
	*o = (struct out){ .fd = STDOUT_FILENO };
	if (!path || !strcmp(path, "-"))
		return 0;
	o->fd = -1;
	if (!open_path(o, path))
		return 0;
	err_msg("%s: cannot be written: %s", path, strerror(errno));
	free(o->path);
	*o = (struct out){ .fd = -1 };
	return -1;
}

static int fail(struct out *o)
{
	if (!o->failed)
		err_msg("%s: write failed: %s", shown_name(o), strerror(errno));
	o->failed = true;
	return -1;
}

static int write_all(struct out *o, const char *s, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(o->fd, s, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(o);
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

int out_flush(struct out *o)
{
	int rc = o->failed ? -1 : write_all(o, o->pending.s, o->pending.len);

	buf_clear(&o->pending);
	return rc;
}

int out_add(struct out *o, const void *data, size_t len)
{
	if (o->failed)
		return -1;
	if (o->pending.len + len > COLLECT && out_flush(o))
		return -1;
	if (len >= COLLECT)
		return write_all(o, data, len);
	if (!o->pending.s)
		buf_reserve(&o->pending, COLLECT);
	buf_add(&o->pending, data, len);
	return 0;
}

/* Puts the temporary file where it belongs.  0, or -1 after a message. */
static int put_in_place(struct out *o, int rc)
{
	struct temp *t = temps_take(o->temp);
	int result = -1;

	if (rc == RC_FAILED || rc == RC_STOPPED)
		result = keep_partial(t->temp, t->partial);
	else if (rc == RC_USAGE)
		result = unlink(o->temp);
	else if (!rename(o->temp, o->path))
		result = 0;
	else
		err_msg("%s: cannot rename %s to it: %s", o->path, o->temp,
			strerror(errno));
	free(t->temp);
	free(t->partial);
	free(t);
	return result;
}

int out_close(struct out *o, int rc)
{
	if (o->fd < 0)
		return rc;
	out_flush(o);
	if (close(o->fd))
		fail(o);
	if (o->failed)
		rc = rc_join(rc, RC_FAILED);
	if (o->temp && put_in_place(o, rc))
		rc = rc_join(rc, RC_FAILED);
	free(o->path);
	free(o->temp);
	buf_release(&o->pending);
	*o = (struct out){ .fd = -1 };
	return rc;
}
