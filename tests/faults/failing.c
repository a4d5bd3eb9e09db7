/*
 * failing.so -- preloaded before a program, makes one of its calls fail.
 *
 * FAIL_CALL=NAME FAIL_AT=N	the Nth call (from 1) of NAME fails
 * FAIL_MORE=1			and so does every one after it
 * FAIL_COUNT=FILE		at the end, "NAME CALLS" lines go to FILE
 *
 * Only calls that pass through the symbol count: those of the program and of
 * its libraries, not those inside the C library; those of the process itself,
 * not of the ones it starts.  Counts of several threads are exact, their order is not.
 * Reads and writes of an eventfd do not count: they cannot fail as used.
 * What a failing call leaves is what the kernel would: a close that fails has
 * closed, a write that fails has written nothing.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define CALLS(X) \
	X(malloc) X(calloc) X(realloc) X(posix_memalign) X(mmap) X(open) \
	X(read) X(pread) X(write) X(writev) X(pwrite) X(close) X(fsync) \
	X(fdatasync) X(rename) X(link) X(unlink) X(mkdir) X(ftruncate) \
	X(fstat) X(pipe) X(pipe2) X(fork) X(posix_spawn) \
	X(pthread_create) X(memfd_create) X(socket) X(connect) X(send) \
	X(recv) X(poll)

enum call {
#define X(name) call_##name,
	CALLS(X)
#undef X
	calls
};

static const char *const names[] = {
#define X(name) #name,
	CALLS(X)
#undef X
};

static atomic_ulong seen[calls];
static enum call failing = calls;
static unsigned long fail_at;
static bool more, ready;

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t align, size_t n);

__attribute__((constructor)) static void start(void)
{
	const char *name = getenv("FAIL_CALL"), *at = getenv("FAIL_AT");

	for (int i = 0; name && i < calls; i++)
		if (!strcmp(name, names[i]))
			failing = (enum call)i;
	fail_at = at ? strtoul(at, NULL, 10) : 0;
	more = getenv("FAIL_MORE");
	unsetenv("LD_PRELOAD");
	ready = true;
}

__attribute__((destructor)) static void end(void)
{
	const char *file = getenv("FAIL_COUNT");
	FILE *f;

	ready = false;
	f = file ? fopen(file, "w") : NULL;
	for (int i = 0; f && i < calls; i++)
		fprintf(f, "%s %lu\n", names[i], atomic_load(&seen[i]));
	if (f)
		fclose(f);
}

static bool fails(enum call call, int why)
{
	unsigned long n;

	if (!ready)
		return false;
	n = atomic_fetch_add(&seen[call], 1) + 1;
	if (call != failing || (more ? n < fail_at : n != fail_at))
		return false;
	errno = why;
	return true;
}

/* Declares next, the definition that is hidden by ours. */
#define NEXT(name) \
	static __typeof__(&name) next; \
	if (!next) \
		*(void **)&next = dlsym(RTLD_NEXT, #name)

#define WRAP(type, name, why, failed, params, args) \
	type name params \
	{ \
		NEXT(name); \
		return fails(call_##name, why) ? failed : next args; \
	}

void *malloc(size_t n)
{
	return fails(call_malloc, ENOMEM) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return fails(call_calloc, ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return fails(call_realloc, ENOMEM) ? NULL : __libc_realloc(p, n);
}

int posix_memalign(void **p, size_t align, size_t n)
{
	if (fails(call_posix_memalign, ENOMEM))
		return ENOMEM;
	*p = __libc_memalign(align, n);
	return *p ? 0 : ENOMEM;
}

WRAP(void *, mmap, ENOMEM, MAP_FAILED,
     (void *p, size_t n, int prot, int flags, int fd, off_t at),
     (p, n, prot, flags, fd, at))
WRAP(ssize_t, pread, EIO, -1, (int fd, void *p, size_t n, off_t at),
     (fd, p, n, at))
WRAP(ssize_t, writev, ENOSPC, -1, (int fd, const struct iovec *v, int n),
     (fd, v, n))
WRAP(ssize_t, pwrite, ENOSPC, -1,
     (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
WRAP(int, fsync, EIO, -1, (int fd), (fd))
WRAP(int, fdatasync, EIO, -1, (int fd), (fd))
WRAP(int, rename, EACCES, -1, (const char *from, const char *to), (from, to))
WRAP(int, link, EACCES, -1, (const char *from, const char *to), (from, to))
WRAP(int, unlink, EACCES, -1, (const char *name), (name))
WRAP(int, mkdir, EACCES, -1, (const char *name, mode_t mode), (name, mode))
WRAP(int, ftruncate, EIO, -1, (int fd, off_t size), (fd, size))
WRAP(int, fstat, EIO, -1, (int fd, struct stat *st), (fd, st))
WRAP(int, pipe, EMFILE, -1, (int fd[2]), (fd))
WRAP(int, pipe2, EMFILE, -1, (int fd[2], int flags), (fd, flags))
WRAP(pid_t, fork, EAGAIN, -1, (void), ())
WRAP(int, posix_spawn, EAGAIN, EAGAIN,
     (pid_t *pid, const char *name, const posix_spawn_file_actions_t *acts,
      const posix_spawnattr_t *attr, char *const argv[], char *const env[]),
     (pid, name, acts, attr, argv, env))
WRAP(int, pthread_create, EAGAIN, EAGAIN,
     (pthread_t *t, const pthread_attr_t *attr, void *(*run)(void *), void *p),
     (t, attr, run, p))
WRAP(int, memfd_create, EMFILE, -1, (const char *name, unsigned flags),
     (name, flags))
WRAP(int, socket, EMFILE, -1, (int domain, int type, int protocol),
     (domain, type, protocol))
/* The type that the C library declares: a union of pointers. */
WRAP(int, connect, ECONNREFUSED, -1,
     (int fd, __CONST_SOCKADDR_ARG to, socklen_t n), (fd, to, n))
WRAP(ssize_t, send, ECONNRESET, -1,
     (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(ssize_t, recv, ECONNRESET, -1, (int fd, void *p, size_t n, int flags),
     (fd, p, n, flags))
WRAP(int, poll, ENOMEM, -1, (struct pollfd *p, nfds_t n, int timeout),
     (p, n, timeout))

static bool is_event(int fd)
{
	char name[40], to[32];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, to, sizeof(to));
	return n >= 19 && !memcmp(to, "anon_inode:[eventfd", 19);
}

ssize_t read(int fd, void *p, size_t n)
{
	NEXT(read);
	return !is_event(fd) && fails(call_read, EIO) ? -1 : next(fd, p, n);
}

ssize_t write(int fd, const void *p, size_t n)
{
	NEXT(write);
	return !is_event(fd) && fails(call_write, ENOSPC) ? -1
							  : next(fd, p, n);
}

int close(int fd)
{
	NEXT(close);
	bool failed = fails(call_close, EIO);
	int rc = next(fd);

	if (failed)
		errno = EIO;
	return failed ? -1 : rc;
}

int open(const char *name, int flags, ...)
{
	NEXT(open);
	va_list list;
	mode_t mode;

	if (fails(call_open, EMFILE))
		return -1;
	va_start(list, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
	va_end(list);
	return next(name, flags, mode);
}
