/*
 * transfer -- GET requests on the wire.
 *
 * A slot a transfer: its easy handle is set up once and used again and again,
 * only URL, header and the fresh-connection flag change.  Slots that are free
 * form a list.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/stop.h"
#include "base/version.h"
#include "snowplow/transfer.h"

enum { HEADERS = 4, EVENTS = 64, OWN_FDS = 2 };

static const uint64_t ms_ns = 1000000;

struct transfer {
	struct transfers *all;
	CURL *easy;
	void *arg;
	struct buf headers;		/* their texts; a secret among them */
	struct curl_slist list[HEADERS];
	char error[CURL_ERROR_SIZE];
	struct transfer *next;		/* free ones */
	bool running, unwanted;
};

struct transfers {
	CURLM *multi;
	const struct transfer_calls *calls;
	struct transfer **slots;
	size_t n, cap;
	struct transfer *free;
	struct pollfd *fds;
	size_t fds_cap;
	const char *cainfo, *capath;	/* NULL: the system's */
	bool only_cainfo;
	uint64_t timer;			/* libcurl's, by clock.h; 0: none */
	size_t max;
	int epoll;
	bool global;
};

static size_t on_header(char *s, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * n, line = len;

	while (line && (s[line - 1] == '\r' || s[line - 1] == '\n'))
		line--;
	t->all->calls->line(t->arg, s, line);
	return len;
}

static size_t on_body(char *s, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	if (!t->all->calls->body(t->arg, s, size * n))
		return size * n;
	t->unwanted = true;
	return 0;	/* libcurl: a write error */
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
		     void *known)
{
	struct transfers *all = arg;
	struct epoll_event e = { .data.fd = fd };

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		/* may be closed already: nothing to do then */
		(void)epoll_ctl(all->epoll, EPOLL_CTL_DEL, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		e.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		e.events |= EPOLLOUT;
	if (!known || (epoll_ctl(all->epoll, EPOLL_CTL_MOD, fd, &e) &&
		       errno == ENOENT)) {
		if (epoll_ctl(all->epoll, EPOLL_CTL_ADD, fd, &e))
			return -1;
		curl_multi_assign(all->multi, fd, all);
	}
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
	struct transfers *all = arg;

	(void)multi;
	all->timer = ms < 0 ? 0 : clock_now_ns() + (uint64_t)ms * ms_ns;
	return 0;
}

static int must_be_readable(const char *what, const char *path)
{
	if (!path || !access(path, R_OK))
		return 0;
	err_msg("%s '%s': %s", what, path, strerror(errno));
	return -1;
}

static const char *from_env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static int find_certificates(struct transfers *all, const char *cacert)
{
	const char *bundle = from_env("CURL_CA_BUNDLE");

	all->only_cainfo = cacert || bundle;
	all->cainfo = cacert ? cacert : bundle;
	if (!all->cainfo) {
		all->cainfo = from_env("SSL_CERT_FILE");
		all->capath = from_env("SSL_CERT_DIR");
	}
	return must_be_readable("certificates", all->cainfo) ||
	       must_be_readable("certificates", all->capath) ? -1 : 0;
}

static int set_up_multi(struct transfers *all)
{
	CURLM *m = all->multi = curl_multi_init();
	long max = (long)all->max;

	return !m ||
	       curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, on_socket) ||
	       curl_multi_setopt(m, CURLMOPT_SOCKETDATA, all) ||
	       curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, on_timer) ||
	       curl_multi_setopt(m, CURLMOPT_TIMERDATA, all) ||
	       curl_multi_setopt(m, CURLMOPT_PIPELINING,
				 (long)CURLPIPE_MULTIPLEX) ||
	       curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, max + 4) ||
	       curl_multi_setopt(m, CURLMOPT_MAX_CONCURRENT_STREAMS,
				 max < 100 ? 100 : max) ? -1 : 0;
}

struct transfers *transfers_new(const struct transfers_settings *s)
{
	struct transfers *all = mem_zalloc(1, sizeof(*all));

	all->calls = s->calls;
	all->max = s->max;
	all->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (find_certificates(all, s->cacert)) {
		transfers_free(all);
		return NULL;
	}
	all->global = !curl_global_init(CURL_GLOBAL_DEFAULT);
	if (all->epoll < 0 || !all->global || set_up_multi(all)) {
		err_msg("libcurl cannot be started (%s)", strerror(errno));
		transfers_free(all);
		return NULL;
	}
	return all;
}

static void slot_free(struct transfers *all, struct transfer *t)
{
	if (t->running)
		curl_multi_remove_handle(all->multi, t->easy);
	curl_easy_cleanup(t->easy);
	secret_release(&t->headers);
	free(t);
}

void transfers_free(struct transfers *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->n; i++)
		slot_free(all, all->slots[i]);
	if (all->multi)
		curl_multi_cleanup(all->multi);
	if (all->global)
		curl_global_cleanup();
	if (all->epoll >= 0)
		close(all->epoll);
	free(all->slots);
	free(all->fds);
	free(all);
}

/*
 * What is the same for all requests.  PIPEWAIT: rather wait for a connection
 * that may turn out to be HTTP/2 than open one for each.
 */
static bool set_up(struct transfers *all, struct transfer *t)
{
	CURL *e = t->easy;
	bool bad = !e;

#define SET(option, value) bad = bad || curl_easy_setopt(e, option, value)
	SET(CURLOPT_PRIVATE, t);
	SET(CURLOPT_ERRORBUFFER, t->error);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_PIPEWAIT, 1L);
	SET(CURLOPT_ACCEPT_ENCODING, "");
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_USERAGENT, "penstock/" PENSTOCK_VERSION);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, t);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, t);
	if (all->cainfo)
		SET(CURLOPT_CAINFO, all->cainfo);
	if (all->capath || all->only_cainfo)
		SET(CURLOPT_CAPATH, all->capath);
#undef SET
	return !bad;
}

/* A free slot, or a new one.  No memory in libcurl is no memory here. */
static struct transfer *take_slot(struct transfers *all)
{
	struct transfer *t = all->free;

	if (t) {
		all->free = t->next;
		return t;
	}
	t = mem_zalloc(1, sizeof(*t));
	t->all = all;
	t->easy = curl_easy_init();
	if (!set_up(all, t))
		err_die(RC_FAILED, "libcurl: out of memory");
	mem_grow(&all->slots, &all->cap, all->n + 1, sizeof(struct transfer *));
	all->slots[all->n++] = t;
	return t;
}

/*
 * The list is made of the slot's own nodes: curl_slist_append() would copy each
 * text, the token among them, into memory that nobody clears.
 */
static struct curl_slist *set_headers(struct transfer *t,
				      const char *const *headers, size_t n)
{
	size_t at = 0;

	buf_clear(&t->headers);
	for (size_t i = 0; i < n; i++)
		buf_add(&t->headers, headers[i], strlen(headers[i]) + 1);
	for (size_t i = 0; i < n; i++) {
		t->list[i].data = t->headers.s + at;
		t->list[i].next = i + 1 < n ? &t->list[i + 1] : NULL;
		at += strlen(headers[i]) + 1;
	}
	return n ? t->list : NULL;
}

struct transfer *transfer_start(struct transfers *all, const char *url,
				const char *const *headers, size_t n,
				bool fresh, void *arg)
{
	struct transfer *t = take_slot(all);

	t->arg = arg;
	t->error[0] = '\0';
	t->unwanted = false;
	if (n > HEADERS)
		n = HEADERS;
	if (curl_easy_setopt(t->easy, CURLOPT_URL, url) ||
	    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER,
			     set_headers(t, headers, n)) ||
	    curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, (long)fresh) ||
	    curl_multi_add_handle(all->multi, t->easy))
		err_die(RC_FAILED, "libcurl: out of memory");
	t->running = true;
	return t;
}

static void end_slot(struct transfers *all, struct transfer *t)
{
	curl_multi_remove_handle(all->multi, t->easy);
	t->running = false;
	t->next = all->free;
	all->free = t;
}

void transfer_cancel(struct transfers *all, struct transfer *t)
{
	if (t->running)
		end_slot(all, t);
}

bool transfer_sent(const struct transfer *t)
{
	curl_off_t us = 0;

	return !curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &us) &&
	       us > 0;
}

static enum transfer_end end_of(const struct transfer *t, CURLcode code)
{
	/* A list of all that it can be would be a list of libcurl's codes. */
	switch ((int)code) {
	case CURLE_OK:
		return TRANSFER_WHOLE;
	case CURLE_WRITE_ERROR:
		return t->unwanted ? TRANSFER_UNWANTED : TRANSFER_BROKEN;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_NOT_BUILT_IN:
	case CURLE_BAD_FUNCTION_ARGUMENT:
		return TRANSFER_REFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
		return TRANSFER_NONE;
	default:
		return TRANSFER_BROKEN;
	}
}

static void finish(struct transfers *all, const CURLMsg *m)
{
	CURLcode code = m->data.result;
	char *slot = NULL;
	struct transfer *t;
	enum transfer_end end;

	curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &slot);
	t = (void *)slot;
	end = end_of(t, code);
	end_slot(all, t);
	all->calls->done(t->arg, end, t->error[0] ? t->error :
			 curl_easy_strerror(code));
}

static void finish_all(struct transfers *all)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(all->multi, &left)))
		if (m->msg == CURLMSG_DONE)
			finish(all, m);
}

static void handle_sockets(struct transfers *all)
{
	struct epoll_event events[EVENTS];
	int running, n, what;

	n = epoll_wait(all->epoll, events, EVENTS, 0);
	for (int i = 0; i < n; i++) {
		what = 0;
		if (events[i].events & EPOLLIN)
			what |= CURL_CSELECT_IN;
		if (events[i].events & EPOLLOUT)
			what |= CURL_CSELECT_OUT;
		if (events[i].events & (EPOLLERR | EPOLLHUP))
			what |= CURL_CSELECT_ERR;
		curl_multi_socket_action(all->multi, events[i].data.fd, what,
					 &running);
	}
}

static void handle_timer(struct transfers *all)
{
	int running;

	if (!all->timer || clock_now_ns() < all->timer)
		return;
	all->timer = 0;
	curl_multi_socket_action(all->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static void wait_for(struct transfers *all, struct pollfd *fds, size_t n,
		     uint64_t timeout_ns)
{
	uint64_t now = clock_now_ns();
	struct timespec limit;

	if (all->timer && (all->timer <= now || all->timer - now < timeout_ns))
		timeout_ns = all->timer <= now ? 0 : all->timer - now;
	limit = (struct timespec){
		.tv_sec = (time_t)(timeout_ns / 1000000000),
		.tv_nsec = (long)(timeout_ns % 1000000000) };
	mem_grow(&all->fds, &all->fds_cap, n + OWN_FDS, sizeof(*all->fds));
	all->fds[0] = (struct pollfd){ .fd = all->epoll, .events = POLLIN };
	all->fds[1] = (struct pollfd){ .fd = stop_fd(), .events = POLLIN };
	if (n)
		memcpy(all->fds + OWN_FDS, fds, n * sizeof(*fds));
	if (ppoll(all->fds, n + OWN_FDS, &limit, NULL) < 0)
		for (size_t i = 0; i < n + OWN_FDS; i++)
			all->fds[i].revents = 0;
	if (n)
		memcpy(fds, all->fds + OWN_FDS, n * sizeof(*fds));
}

void transfers_step(struct transfers *all, struct pollfd *fds, size_t n,
		    uint64_t timeout_ns)
{
	wait_for(all, fds, n, timeout_ns);
	if (all->fds[0].revents)
		handle_sockets(all);
	handle_timer(all);
	finish_all(all);
}
