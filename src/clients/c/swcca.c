/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * See swcca.h. The script player answers byte for byte as src/response does; test/interop/response.test.ts compares them.
 */
#ifndef SWCCA_SCRIPT_ONLY
#define _POSIX_C_SOURCE 200809L
#endif

#include "swcca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREAD static _Thread_local

#define CHALLENGE_SIZE 64u
#define SUCCESS ((uint64_t)SWCCA_RSI_SUCCESS)
#define INCOMPLETE ((uint64_t)SWCCA_RSI_INCOMPLETE)
#define ERROR_INPUT ((uint64_t)SWCCA_RSI_ERROR_INPUT)
#define ERROR_STATE ((uint64_t)SWCCA_RSI_ERROR_STATE)
#define NOT_SUPPORTED UINT64_MAX
#define INTERFACE_REVISION 0x10000u
#define FID_SVE_HINT ((uint64_t)0x10000)

/* ---- failures and the budget --------------------------------------------------------------------------------------- */

THREAD swcca_handler *on_failure;
THREAD uint64_t calls_left;
THREAD bool has_budget;

static void fail(enum swcca_failure failure, const char *says)
{
	if (on_failure != NULL)
		on_failure(failure, says);
	fprintf(stderr, "swcca: %s\n", says);
	abort();
}

void swcca_on_failure(swcca_handler *handler)
{
	on_failure = handler;
}

void swcca_budget(uint64_t calls)
{
	has_budget = calls != 0;
	calls_left = calls;
}

/* ---- memory -------------------------------------------------------------------------------------------------------- */

THREAD uint8_t *memory_start;
THREAD uint64_t memory_base;
THREAD uint64_t memory_size;

void swcca_memory(uint64_t base, void *start, size_t size)
{
	memory_base = base;
	memory_start = start;
	memory_size = size;
}

uint64_t swcca_ipa(const void *pointer)
{
	return memory_base + (uint64_t)((uintptr_t)pointer - (uintptr_t)memory_start);
}

static bool is_inside(uint64_t ipa, uint64_t size)
{
	return ipa >= memory_base && size <= memory_size && ipa - memory_base <= memory_size - size;
}

void *swcca_pointer(uint64_t ipa)
{
	return is_inside(ipa, 1) ? memory_start + (ipa - memory_base) : NULL;
}

uint64_t swcca_memory_size(void)
{
	return memory_size;
}

/* ---- the format of scripts ----------------------------------------------------------------------------------------- */

#define MAX_SCRIPT_SIZE 0x10000u
#define HEADER_SIZE 4u
#define SETTINGS_SIZE 4u
#define ACT_SIZE 4u
#define DEFAULT_SIZE 0x1000u
#define FOR_EVER 0xffu
#define CODE_INIT 0x80u
#define CODE_REGISTER 0x40u
#define CODE_JOINED 0x20u
#define FIRST_REGISTER 2u

enum continue_act {
	CONTINUE_WAIT,
	CONTINUE_PIECE,
	CONTINUE_STATUS,
	CONTINUE_RELABEL,
	CONTINUE_LENGTH,
	CONTINUE_MORE,
	CONTINUE_END,
	CONTINUE_SPOIL,
	CONTINUE_REPEAT,
	CONTINUE_AHEAD,
	CONTINUE_PLACE,
	CONTINUE_UNWRITTEN,
	CONTINUE_STALE,
	CONTINUE_RESTART,
	CONTINUE_DROP,
	CONTINUE_LEAVE
};

enum init_act {
	INIT_STATUS,
	INIT_RELABEL,
	INIT_BOUND,
	INIT_SHORT,
	INIT_TOTAL,
	INIT_CHUNK,
	INIT_STALE,
	INIT_LEAVE
};

/* Where the next rule about one command begins, and how many calls it still holds for; 0 before its first. */
struct queue {
	uint32_t at;
	uint32_t left;
};

struct operation {
	bool active;
	uint32_t copied;
	uint32_t last;
	uint8_t carried[CHALLENGE_SIZE];
	uint8_t before[CHALLENGE_SIZE];
};

THREAD const uint8_t *body;
THREAD uint32_t body_size;
THREAD uint32_t total;
THREAD uint32_t chunk;
THREAD struct queue init_queue;
THREAD struct queue continue_queue;
THREAD struct operation operation;
THREAD uint64_t waits_in_a_row;
THREAD struct swcca_status status;

static uint8_t byte_at(uint32_t at)
{
	return at < body_size ? body[at] : 0;
}

static uint32_t number_at(uint32_t at)
{
	return byte_at(at) | (uint32_t)byte_at(at + 1) << 8;
}

static uint64_t widen(uint32_t code)
{
	uint64_t value = (uint64_t)(code & 0xff) << ((code >> 8) & 63);

	switch (code >> 14) {
	case 1:
		return value + 1;
	case 2:
		return value - 1;
	case 3:
		return -value;
	default:
		return value;
	}
}

/* The first act at or after `at` that is about the command of `queue`; the end of the body when there is none. */
static uint32_t act_after(uint32_t at, const struct queue *queue)
{
	uint8_t wanted = queue == &init_queue ? CODE_INIT : 0;

	while (at < body_size && (body[at] & CODE_INIT) != wanted)
		at += ACT_SIZE;
	return at;
}

/* Begins the next call of a queue: its first act, or the end of the body. */
static uint32_t rule_begin(struct queue *queue)
{
	queue->at = act_after(queue->at, queue);
	if (queue->left == 0 && queue->at < body_size)
		queue->left = byte_at(queue->at + 1) == FOR_EVER ? UINT32_MAX : byte_at(queue->at + 1) + 1u;
	return queue->at;
}

/* The act after `at` of the same rule; the end of the body when that was the last. */
static uint32_t rule_next(uint32_t at, const struct queue *queue)
{
	return (byte_at(at) & CODE_JOINED) != 0 ? act_after(at + ACT_SIZE, queue) : UINT32_MAX;
}

/* Ends a call that used a rule whose last act is at `last`. */
static void rule_end(struct queue *queue, uint32_t last)
{
	if (queue->left != UINT32_MAX && --queue->left == 0)
		queue->at = last + ACT_SIZE;
}

static bool is_register(uint32_t at)
{
	return (byte_at(at) & CODE_REGISTER) != 0;
}

/* Carries out the register acts of a rule. Returns whether any register changed. */
static bool set_registers(uint64_t r[SWCCA_REGISTERS], uint32_t first, const struct queue *queue)
{
	bool changed = false;
	uint32_t at;

	for (at = first; at < body_size; at = rule_next(at, queue)) {
		uint64_t *x = &r[FIRST_REGISTER + (byte_at(at) & 0xf)];
		uint64_t value = widen(number_at(at + 2));

		if (is_register(at) && *x != value) {
			*x = value;
			changed = true;
		}
	}
	return changed;
}

/* ---- tokens -------------------------------------------------------------------------------------------------------- */

#define TOKEN_FACTOR 0x9e3779b97f4a7c15u

static uint8_t token_byte(uint32_t position)
{
	return (uint8_t)((uint64_t)(position / 8 + 1) * TOKEN_FACTOR >> (8 * (position % 8)));
}

static void put_doubleword(uint8_t *to, uint64_t value)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(to, &value, 8);
#else
	unsigned int i;

	for (i = 0; i < 8; i++)
		to[i] = (uint8_t)(value >> (8 * i));
#endif
}

/* Whole doublewords of the pattern: most of a token, and so most of the time that a script takes. */
static void token_doublewords(uint8_t *to, uint32_t index, uint32_t count)
{
	uint64_t value = (uint64_t)(index + 1) * TOKEN_FACTOR;

	for (; count > 0; count--, to += 8, value += TOKEN_FACTOR)
		put_doubleword(to, value);
}

/* Bytes of the token for a challenge: the challenge, then a pattern. */
static void token_bytes(uint8_t *to, const uint8_t *challenge, uint32_t position, uint32_t length)
{
	const uint32_t end = position + length;
	uint32_t count;

	if (position < CHALLENGE_SIZE && length > 0) {
		uint32_t head = length < CHALLENGE_SIZE - position ? length : CHALLENGE_SIZE - position;

		memcpy(to, challenge + position, head);
		to += head;
		position += head;
	}
	for (; position < end && position % 8 != 0; position++)
		*to++ = token_byte(position);
	count = (end - position) / 8;
	token_doublewords(to, position / 8, count);
	to += 8 * count;
	for (position += 8 * count; position < end; position++)
		*to++ = token_byte(position);
}

/* ---- INIT ---------------------------------------------------------------------------------------------------------- */

/* The upper bound that a sound RMM gives: whole granules, at least one; and the largest that one may give. */
#define LARGEST_SOUND_BOUND 0x10000u

static uint64_t sound_bound(void)
{
	uint64_t granules = (total + SWCCA_GRANULE - 1u) / SWCCA_GRANULE;

	return (granules == 0 ? 1 : granules) * SWCCA_GRANULE;
}

static void answer_init(uint64_t r[SWCCA_REGISTERS])
{
	enum { BOUND_SOUND, BOUND_VALUE, BOUND_LESS } bound_form = BOUND_SOUND;
	uint64_t bound = 0;
	uint64_t x0 = SUCCESS;
	bool fails = false;
	bool stale = false;
	bool departs;
	uint32_t first = rule_begin(&init_queue);
	uint32_t last = first;
	uint32_t at;
	unsigned int i;

	for (at = first; at < body_size; at = rule_next(at, &init_queue)) {
		uint32_t argument = number_at(at + 2);

		last = at;
		if (is_register(at))
			continue;
		switch ((enum init_act)(byte_at(at) & 0x7)) {
		case INIT_STATUS:
			fails = true;
			x0 = widen(argument);
			bound_form = BOUND_VALUE;
			bound = 0;
			break;
		case INIT_RELABEL:
			x0 = widen(argument);
			break;
		case INIT_BOUND:
			bound_form = BOUND_VALUE;
			bound = widen(argument);
			break;
		case INIT_SHORT:
			bound_form = BOUND_LESS;
			bound = argument;
			break;
		case INIT_TOTAL:
			total = argument;
			break;
		case INIT_CHUNK:
			chunk = argument == 0 ? DEFAULT_SIZE : argument;
			break;
		case INIT_STALE:
			stale = true;
			break;
		case INIT_LEAVE:
			bound_form = BOUND_VALUE;
			bound = r[1];
			break;
		}
	}

	memcpy(operation.before, status.challenge, CHALLENGE_SIZE);
	for (i = 0; i < CHALLENGE_SIZE / 8; i++)
		put_doubleword(status.challenge + 8 * i, r[1 + i]);
	memcpy(operation.carried, stale ? operation.before : status.challenge, CHALLENGE_SIZE);
	departs = memcmp(operation.carried, status.challenge, CHALLENGE_SIZE) != 0;
	operation.active = !fails;
	operation.copied = 0;
	operation.last = 0;
	waits_in_a_row = 0;
	status.waits = 0;
	status.overlong = false;
	status.complete = false;
	status.total = total;

	if (bound_form == BOUND_SOUND)
		bound = sound_bound();
	else if (bound_form == BOUND_LESS)
		bound = bound > total ? 0 : total - bound;
	status.bound = bound;
	r[0] = x0;
	r[1] = bound;
	departs |= x0 != SUCCESS || fails || total == 0 || bound < total || bound > LARGEST_SOUND_BOUND;
	if (first < body_size) {
		departs |= set_registers(r, first, &init_queue);
		rule_end(&init_queue, last);
	}
	status.model = departs ? SWCCA_RMM : SWCCA_SOUND;
}

/* ---- CONTINUE ------------------------------------------------------------------------------------------------------ */

/* What the acts of one call add up to. */
struct plan {
	uint64_t status;
	uint64_t length;
	uint32_t limit;
	uint32_t place;
	uint32_t spoiled;
	enum { FROM_HERE, FROM_BEFORE, FROM_AFTER } from;
	enum { LENGTH_CAME, LENGTH_VALUE, LENGTH_MORE } length_form;
	bool has_status;
	bool holds;
	bool ends;
	bool drops;
	bool restarts;
	bool spoils;
	bool unwritten;
	bool stale;
};

static void plan_status(struct plan *plan, uint64_t value)
{
	plan->has_status = true;
	plan->status = value;
}

static void plan_act(struct plan *plan, enum continue_act act, uint32_t argument, uint64_t x1)
{
	switch (act) {
	case CONTINUE_WAIT:
		plan->holds = true;
		break;
	case CONTINUE_PIECE:
		plan->limit = argument;
		break;
	case CONTINUE_STATUS:
		plan->holds = true;
		plan_status(plan, widen(argument));
		break;
	case CONTINUE_RELABEL:
		plan_status(plan, widen(argument));
		break;
	case CONTINUE_LENGTH:
		plan->length_form = LENGTH_VALUE;
		plan->length = widen(argument);
		break;
	case CONTINUE_MORE:
		plan->length_form = LENGTH_MORE;
		plan->length = argument;
		break;
	case CONTINUE_END:
		plan->holds = true;
		plan->ends = true;
		plan_status(plan, SUCCESS);
		break;
	case CONTINUE_SPOIL:
		plan->spoils = true;
		plan->spoiled = argument;
		break;
	case CONTINUE_REPEAT:
		plan->from = FROM_BEFORE;
		break;
	case CONTINUE_AHEAD:
		plan->from = FROM_AFTER;
		break;
	case CONTINUE_PLACE:
		plan->place = argument % SWCCA_GRANULE;
		break;
	case CONTINUE_UNWRITTEN:
		plan->unwritten = true;
		break;
	case CONTINUE_STALE:
		plan->stale = true;
		break;
	case CONTINUE_RESTART:
		plan->restarts = true;
		break;
	case CONTINUE_DROP:
		plan->holds = true;
		plan->drops = true;
		break;
	case CONTINUE_LEAVE:
		plan->holds = true;
		plan_status(plan, INCOMPLETE);
		plan->length_form = LENGTH_VALUE;
		plan->length = x1;
		break;
	}
}

/* Writes a piece of `length` bytes, at least one. Returns whether it is not the piece that it should be. */
static bool deliver(uint8_t *page, uint32_t offset, uint32_t length, const struct plan *plan)
{
	const uint8_t *challenge = plan->stale ? operation.before : operation.carried;
	uint32_t position = operation.copied;
	uint32_t at = (offset + plan->place) % SWCCA_GRANULE;
	uint32_t kept = length < SWCCA_GRANULE - at ? length : SWCCA_GRANULE - at;

	if (plan->from == FROM_BEFORE)
		position -= operation.last;
	else if (plan->from == FROM_AFTER)
		position += length;
	if (plan->unwritten)
		return true;
	token_bytes(page + at, challenge, position, kept);
	if (plan->spoils && plan->spoiled % length < kept)
		page[at + plan->spoiled % length] ^= 1;
	return position != operation.copied || plan->place != 0 || plan->spoils ||
	       (position < CHALLENGE_SIZE && memcmp(challenge, status.challenge, CHALLENGE_SIZE) != 0);
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void answer_continue(uint64_t r[SWCCA_REGISTERS])
{
	const uint64_t ipa = r[1];
	const uint64_t offset = r[2];
	const uint64_t size = r[3];
	struct plan plan = { .limit = chunk };
	uint64_t sound_status;
	uint32_t length = 0;
	uint32_t first;
	uint32_t last;
	uint32_t at;
	unsigned int i;
	bool departs = false;
	bool done;
	bool waited;
	bool fits = ipa % SWCCA_GRANULE == 0 && is_inside(ipa, SWCCA_GRANULE) && offset < SWCCA_GRANULE &&
		    size <= SWCCA_GRANULE - offset;

	if (!fits || !operation.active) {
		r[0] = fits ? ERROR_STATE : ERROR_INPUT;
		r[1] = 0;
		status.model = SWCCA_SOUND;
		return;
	}

	first = rule_begin(&continue_queue);
	last = first;
	for (at = first; at < body_size; at = rule_next(at, &continue_queue)) {
		last = at;
		if (!is_register(at))
			plan_act(&plan, (enum continue_act)(byte_at(at) & 0xf), number_at(at + 2), ipa);
	}

	if (plan.restarts) {
		departs = true;
		for (i = 0; i < CHALLENGE_SIZE; i++)
			operation.carried[i] = (uint8_t)~operation.carried[i];
		operation.copied = 0;
		operation.last = 0;
	}
	if (plan.drops) {
		departs = true;
		operation.active = false;
	}
	if (!plan.holds)
		length = least(least((uint32_t)size, plan.limit), total - operation.copied);
	if (length > 0) {
		departs |= deliver(memory_start + (ipa - memory_base), (uint32_t)offset, length, &plan);
		operation.copied += length;
		operation.last = length;
	}
	/* A call that has room for nothing ends nothing. */
	done = !plan.holds && operation.copied >= total && size > 0;
	sound_status = !operation.active ? ERROR_STATE : done ? SUCCESS : INCOMPLETE;
	status.complete |= done;
	if (done || plan.ends)
		operation.active = false;

	r[0] = plan.has_status ? plan.status : sound_status;
	r[1] = plan.length_form == LENGTH_VALUE ? plan.length : length + (plan.length_form == LENGTH_MORE ? plan.length : 0);
	status.overlong |= r[1] > size;
	departs |= plan.ends || r[0] != sound_status || r[1] != length;
	waited = r[0] == INCOMPLETE && length == 0;
	if (first < body_size) {
		departs |= set_registers(r, first, &continue_queue);
		rule_end(&continue_queue, last);
	}
	waits_in_a_row = waited ? waits_in_a_row + 1 : 0;
	if (waits_in_a_row > status.waits)
		status.waits = waits_in_a_row;
	status.model = departs ? SWCCA_RMM : waited && size > 0 ? SWCCA_HOST : SWCCA_SOUND;
}

/* ---- the script back end ------------------------------------------------------------------------------------------- */

static void answer_script(uint64_t r[SWCCA_REGISTERS])
{
	const uint64_t fid = r[0] & ~FID_SVE_HINT;

	status.calls++;
	if (fid == SWCCA_RSI_ATTESTATION_TOKEN_CONTINUE || fid == SWCCA_RSI_ATTESTATION_TOKEN_INIT) {
		if (fid == SWCCA_RSI_ATTESTATION_TOKEN_INIT)
			answer_init(r);
		else
			answer_continue(r);
		status.last_status = r[0];
		status.departures += status.model == SWCCA_RMM;
		return;
	}
	status.model = SWCCA_SOUND;
	if (fid == SWCCA_RSI_VERSION) {
		r[0] = SUCCESS;
		r[1] = r[2] = INTERFACE_REVISION;
	} else if (fid == SWCCA_RSI_FEATURES) {
		r[0] = SUCCESS;
		r[1] = 0;
	} else {
		r[0] = NOT_SUPPORTED;
	}
}

typedef void back_end(uint64_t r[SWCCA_REGISTERS]);
THREAD back_end *answer;

void swcca_use_script(const uint8_t *script, size_t length)
{
	static const uint8_t header[HEADER_SIZE] = { 'R', 'S', 'I', 1 };

	if (length > MAX_SCRIPT_SIZE)
		length = MAX_SCRIPT_SIZE;
	body = script;
	body_size = (uint32_t)length;
	if (length >= HEADER_SIZE && memcmp(script, header, HEADER_SIZE) == 0) {
		body += HEADER_SIZE;
		body_size -= HEADER_SIZE;
	}
	total = number_at(0) == 0 ? DEFAULT_SIZE : number_at(0);
	chunk = number_at(2) == 0 ? DEFAULT_SIZE : number_at(2);
	init_queue = (struct queue){ .at = SETTINGS_SIZE };
	continue_queue = (struct queue){ .at = SETTINGS_SIZE };
	operation = (struct operation){ 0 };
	waits_in_a_row = 0;
	status = (struct swcca_status){ .total = total };
	answer = answer_script;
}

const struct swcca_status *swcca_status(void)
{
	return &status;
}

/* ---- judging ------------------------------------------------------------------------------------------------------- */

static bool is_whole_token(const uint8_t *token, size_t length)
{
	uint8_t piece[256];
	uint32_t at;

	if (!status.complete || length != status.total)
		return false;
	for (at = 0; at < length; at += sizeof piece) {
		uint32_t size = least((uint32_t)sizeof piece, (uint32_t)length - at);

		token_bytes(piece, status.challenge, at, size);
		if (memcmp(piece, token + at, size) != 0)
			return false;
	}
	return true;
}

enum swcca_finding swcca_judge(const uint8_t *token, size_t length, uint64_t room, uint64_t patience)
{
	const bool sound = status.departures == 0;

	if (token == NULL)
		return sound && status.bound <= room && status.waits < patience ? SWCCA_GAVE_UP : SWCCA_FINE;
	if (length > status.bound)
		return SWCCA_OVER_BOUND;
	if (status.last_status != SUCCESS)
		return SWCCA_REFUSED_TOKEN;
	if (status.overlong)
		return SWCCA_TRUSTED_LENGTH;
	return sound && !is_whole_token(token, length) ? SWCCA_WRONG_TOKEN : SWCCA_FINE;
}

const char *swcca_finding_says(enum swcca_finding finding)
{
	switch (finding) {
	case SWCCA_FINE:
		return "nothing is wrong";
	case SWCCA_GAVE_UP:
		return "gave-up: the client gives up though every answer is one that a sound RMM gives";
	case SWCCA_WRONG_TOKEN:
		return "wrong-token: every answer is sound, and what the client has is not the token";
	case SWCCA_REFUSED_TOKEN:
		return "refused-token: the client has a token though the last answer was no SUCCESS";
	case SWCCA_TRUSTED_LENGTH:
		return "trusted-length: the client has a token though the RMM said that more came than there was room for";
	case SWCCA_OVER_BOUND:
		return "over-bound: the client has more bytes than the upper bound allows";
	}
	return "no finding has this number";
}

#ifndef SWCCA_SCRIPT_ONLY
/* ---- the bridge and the recording ---------------------------------------------------------------------------------- */

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FRAME_SIZE (8 * SWCCA_REGISTERS)

/* One more than the descriptor, so that a thread begins with none. */
THREAD int bridge;
THREAD int recording;
THREAD bool memory_is_mapped;

static void encode_frame(uint8_t frame[FRAME_SIZE], const uint64_t r[SWCCA_REGISTERS])
{
	unsigned int i;

	for (i = 0; i < FRAME_SIZE; i++)
		frame[i] = (uint8_t)(r[i / 8] >> (8 * (i % 8)));
}

static void decode_frame(uint64_t r[SWCCA_REGISTERS], const uint8_t frame[FRAME_SIZE])
{
	unsigned int i;

	for (i = 0; i < SWCCA_REGISTERS; i++)
		r[i] = 0;
	for (i = 0; i < FRAME_SIZE; i++)
		r[i / 8] |= (uint64_t)frame[i] << (8 * (i % 8));
}

static void answer_live(uint64_t r[SWCCA_REGISTERS])
{
	uint8_t frame[FRAME_SIZE];
	size_t done;
	ssize_t count;

	encode_frame(frame, r);
	for (done = 0; done < FRAME_SIZE; done += (size_t)count) {
		count = send(bridge - 1, frame + done, FRAME_SIZE - done, MSG_NOSIGNAL);
		if (count < 0 && errno == EINTR)
			count = 0;
		else if (count <= 0) {
			fail(SWCCA_BRIDGE_CLOSED, "the bridge takes no more calls");
			return;
		}
	}
	for (done = 0; done < FRAME_SIZE; done += (size_t)count) {
		count = recv(bridge - 1, frame + done, FRAME_SIZE - done, 0);
		if (count < 0 && errno == EINTR)
			count = 0;
		else if (count <= 0) {
			fail(SWCCA_BRIDGE_CLOSED, "the bridge ended the connection");
			return;
		}
	}
	decode_frame(r, frame);
}

static int map_memory(const char *path, uint64_t base)
{
	struct stat about;
	void *start = MAP_FAILED;
	int error = 0;
	int file = open(path, O_RDWR | O_CLOEXEC);

	if (file < 0)
		return errno;
	if (fstat(file, &about) == 0)
		start = mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (start == MAP_FAILED)
		error = errno;
	close(file);
	if (error == 0) {
		swcca_memory(base, start, (size_t)about.st_size);
		memory_is_mapped = true;
	}
	return error;
}

static void leave_bridge(void)
{
	if (bridge != 0)
		close(bridge - 1);
	if (memory_is_mapped) {
		munmap(memory_start, (size_t)memory_size);
		swcca_memory(0, NULL, 0);
	}
	bridge = 0;
	memory_is_mapped = false;
	answer = NULL;
}

int swcca_use_live(const char *socket_path, const char *memory_path, uint64_t base)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int error;

	if (strlen(socket_path) >= sizeof address.sun_path)
		return ENAMETOOLONG;
	strcpy(address.sun_path, socket_path);
	leave_bridge();
	bridge = 1 + socket(AF_UNIX, SOCK_STREAM, 0);
	if (bridge == 0)
		return errno;
	error = connect(bridge - 1, (const struct sockaddr *)&address, sizeof address) == 0 ? map_memory(memory_path, base)
											     : errno;
	if (error != 0) {
		leave_bridge();
		return error;
	}
	answer = answer_live;
	return 0;
}

static bool write_all(const uint8_t *bytes, size_t size)
{
	ssize_t count;

	for (; size > 0; bytes += count, size -= (size_t)count) {
		count = write(recording - 1, bytes, size);
		if (count < 0 && errno == EINTR)
			count = 0;
		else if (count <= 0)
			return false;
	}
	return true;
}

int swcca_record(const char *path)
{
	if (recording != 0)
		close(recording - 1);
	recording = 1 + open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (recording == 0 || !write_all((const uint8_t *)"SWCCARC1", 8))
		return errno;
	return 0;
}

void swcca_close(void)
{
	leave_bridge();
	if (recording != 0)
		close(recording - 1);
	recording = 0;
}

static void answer_recorded(uint64_t r[SWCCA_REGISTERS])
{
	uint8_t frames[2 * FRAME_SIZE];

	encode_frame(frames, r);
	answer(r);
	encode_frame(frames + FRAME_SIZE, r);
	if (!write_all(frames, sizeof frames))
		fail(SWCCA_RECORD_FAILED, "the recording cannot be written");
}
#endif

/* ---- the call ------------------------------------------------------------------------------------------------------ */

void smc_call(uint64_t r[SWCCA_REGISTERS])
{
	if (answer == NULL) {
		fail(SWCCA_NOTHING_ANSWERS, "call swcca_use_script() or swcca_use_live() before smc_call()");
		return;
	}
	if (has_budget && calls_left-- == 0) {
		has_budget = false;
		fail(SWCCA_BUDGET_SPENT, "endless: the client never stops asking");
		return;
	}
#ifndef SWCCA_SCRIPT_ONLY
	if (recording != 0) {
		answer_recorded(r);
		return;
	}
#endif
	answer(r);
}
