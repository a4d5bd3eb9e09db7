/*
 * worker -- one process of the command that batches are fed to.
 *
 * vfork(2), since a coordinator that holds many batches would have to copy its
 * page tables for every one of its children; posix_spawn(3) does the same, but
 * cannot ask for a signal when the parent dies.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/groups.h"
#include "base/mem.h"
#include "stream/worker.h"

/* Bytes that are moved at once, so that every worker gets its turn. */
#define PIECE (1024 * 1024)

/* What the child needs between vfork() and exec. */
struct child {
	char **env;
	int in, out, index;
	const struct worker_opts *o;
	pid_t parent;
};

void worker_init(struct worker *w)
{
	*w = (struct worker){ .in = -1, .in_read = -1, .out = -1, .index = -1 };
}

/* In the child, which shares our memory: no more than system calls. */
static int child_exec(const struct child *c)
{
	setpgid(0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != c->parent)
		return errno;
	if (dup2(c->in, STDIN_FILENO) < 0 || dup2(c->out, STDOUT_FILENO) < 0 ||
	    fcntl(c->index, F_SETFD, 0) < 0 ||
	    (c->o->files && setrlimit(RLIMIT_NOFILE, c->o->files)) ||
	    sigprocmask(SIG_SETMASK, c->o->mask, NULL))
		return errno;
	execvpe(c->o->command[0], c->o->command, c->env);
	return errno;
}

static pid_t start_child(const struct child *c, int *error)
{
	volatile int failed = 0;
	pid_t pid = vfork();

	if (!pid) {
		failed = child_exec(c);
		_exit(failed == ENOENT ? 127 : 126);
	}
	*error = pid < 0 ? errno : failed;
	return pid;
}

static bool is_ours(const char *var)
{
	return !strncmp(var, PLACE_BATCH_ENV "=", sizeof(PLACE_BATCH_ENV)) ||
	       !strncmp(var, PLACE_INDEX_ENV "=", sizeof(PLACE_INDEX_ENV));
}

/* Our environment with the two variables in ${own}; an array to be freed. */
static char **environment(char *own[2])
{
	size_t n = 0, used = 0;
	char **env;

	while (environ[n])
		n++;
	env = mem_alloc((n + 3) * sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (!is_ours(environ[i]))
			env[used++] = environ[i];
	env[used++] = own[0];
	env[used++] = own[1];
	env[used] = NULL;
	return env;
}

static void not_blocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static int open_pipes(struct worker *w, int bytes, int *out)
{
	int in[2], from[2];

	if (pipe2(in, O_CLOEXEC))
		return -1;
	w->in_read = in[0];
	w->in = in[1];
	if (pipe2(from, O_CLOEXEC))
		return -1;
	w->out = from[0];
	*out = from[1];
	/* Refused beyond a user's share: as they are. */
	fcntl(w->in, F_SETPIPE_SZ, bytes);
	fcntl(w->out, F_SETPIPE_SZ, bytes);
	not_blocking(w->in);
	not_blocking(w->out);
	w->index = memfd_create("places", MFD_CLOEXEC);
	return w->index < 0 ? -1 : 0;
}

int worker_start(struct worker *w, const struct worker_opts *o, uint64_t batch)
{
	char number[sizeof(PLACE_BATCH_ENV) + 24];
	char index[sizeof(PLACE_INDEX_ENV) + 16];
	char *own[2] = { number, index };
	struct child c = { .o = o, .parent = getpid() };
	int out = -1, error = 0;

	worker_init(w);
	if (open_pipes(w, o->pipe_bytes, &out)) {
		error = errno;
	} else {
		snprintf(number, sizeof(number), PLACE_BATCH_ENV "=%llu",
			 (unsigned long long)batch);
		snprintf(index, sizeof(index), PLACE_INDEX_ENV "=%d", w->index);
		c.env = environment(own);
		c.in = w->in_read;
		c.out = out;
		c.index = w->index;
		w->pid = start_child(&c, &error);
		free(c.env);
	}
	if (out >= 0)
		close(out);
	if (w->pid > 0 && error)	/* exec failed: it has ended by now */
		while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
			;
	if (error) {
		w->pid = 0;
		worker_close(w, o->slot);
		errno = error;
		return -1;
	}
	setpgid(w->pid, w->pid);	/* done by the child too; see there */
	groups_set(o->slot, w->pid);
	return 0;
}

int worker_place(struct worker *w, const struct parcel *p, struct supplier *s)
{
	struct buf lines = {0};
	ssize_t n;
	int rc = 0;

	for (size_t i = 0; i < p->nruns; i++)
		place_write(&lines, &p->runs[i],
			    s->source(s, p->runs[i].source));
	for (size_t done = 0; !rc && done < lines.len;) {
		n = pwrite(w->index, lines.s + done, lines.len - done,
			   (off_t)(w->indexed + done));
		if (n < 0 && errno != EINTR)
			rc = -1;
		done += n > 0 ? (size_t)n : 0;
	}
	w->indexed += lines.len;
	buf_release(&lines);
	return rc;
}

static ssize_t move(struct worker *w, struct parcel *p, uint64_t sent)
{
	uint64_t stored = p->bytes - p->line_end;
	size_t n = PIECE;
	loff_t at = (loff_t)(p->offset + sent);
	ssize_t moved;

	if (!p->file || sent == stored) {
		const char *from = p->file ? "\n" : p->text.s + sent;

		n = p->bytes - sent < n ? (size_t)(p->bytes - sent) : n;
		return write(w->in, from, n);
	}
	n = stored - sent < n ? (size_t)(stored - sent) : n;
	moved = splice(p->file->fd, &at, w->in, NULL, n, SPLICE_F_NONBLOCK);
	if (!moved) {
		errno = ENODATA;
		return -1;
	}
	return moved;
}

int worker_write(struct worker *w, struct parcel *p, uint64_t *sent)
{
	ssize_t n;

	while (*sent < p->bytes) {
		n = move(w, p, *sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EINVAL && p->file) {
			/* A file system that cannot splice. */
			if (parcel_load(p))
				return -1;
			continue;
		}
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		*sent += (uint64_t)n;
		if (*sent < p->bytes)
			return 0;
	}
	return 1;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void worker_end_input(struct worker *w)
{
	close_fd(&w->in);
}

uint64_t worker_unread(const struct worker *w)
{
	int n = 0;

	if (w->in_read < 0 || ioctl(w->in_read, FIONREAD, &n) || n < 0)
		return 0;
	return (uint64_t)n;
}

bool worker_reap(struct worker *w)
{
	pid_t got;

	if (w->ended || !w->pid)
		return true;
	got = waitpid(w->pid, &w->status, WNOHANG);
	w->ended = got == w->pid || (got < 0 && errno != EINTR);
	return w->ended;
}

void worker_kill(const struct worker *w, int signo)
{
	if (w->pid > 0)
		kill(-w->pid, signo);
}

void worker_close(struct worker *w, unsigned slot)
{
	if (w->pid > 0 && !w->ended) {
		worker_kill(w, SIGKILL);
		while (waitpid(w->pid, &w->status, 0) < 0 && errno == EINTR)
			;
	}
	groups_set(slot, 0);
	close_fd(&w->in);
	close_fd(&w->in_read);
	close_fd(&w->out);
	close_fd(&w->index);
	worker_init(w);
}
