/* winscard.dll for tests: hands every call of a program to the service that the tests play (scardsvr.py), over loopback.
 *
 * The address is "host:port" in JPKI_TEST_WINSCARD. A request is one line of words, binary data in hexadecimal; so is the
 * answer, which begins with the return code. Each call has a connection of its own, since calls block independently of
 * each other; that of SCardEstablishContext stays open as long as the context, so that the service sees when a program
 * ends. Names are in the ANSI code page for the A functions, as in Windows, and UTF-16 for the W functions.
 */

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#define WINSCARDDATA
#include <winscard.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CONTEXTS 64
#define NO_SERVICE ((LONG)0x8010001D)
#define TOO_SMALL ((LONG)0x80100008)
#define UNSUPPORTED ((LONG)0x80100022)

const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardRawPci = {SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST)};

static struct { SCARDCONTEXT context; SOCKET lifeline; } contexts[MAX_CONTEXTS];
static CRITICAL_SECTION guard;
static HANDLE started;

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved) {
    (void)instance; (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        InitializeCriticalSection(&guard);
        started = CreateEventA(NULL, TRUE, TRUE, NULL);
    }
    return TRUE;
}

/* A text that grows. */
struct text { char *data; size_t used, size; };

static void add(struct text *text, const char *format, ...) {
    va_list words;
    va_start(words, format);
    int length = vsnprintf(NULL, 0, format, words);
    va_end(words);
    if (text->used + length + 1 > text->size) {
        text->size = (text->used + length + 1) * 2;
        text->data = realloc(text->data, text->size);
    }
    va_start(words, format);
    vsnprintf(text->data + text->used, length + 1, format, words);
    va_end(words);
    text->used += length;
}

static void add_hex(struct text *text, const void *data, size_t length) {
    add(text, " x");
    for (size_t i = 0; i < length; i++) add(text, "%02x", ((const BYTE *)data)[i]);
}

static SOCKET dial(void) {
    WSADATA ignored;
    char address[64];
    struct sockaddr_in to = {.sin_family = AF_INET};
    DWORD length = GetEnvironmentVariableA("JPKI_TEST_WINSCARD", address, sizeof address);
    char *colon = length && length < sizeof address ? strchr(address, ':') : NULL;
    if (!colon || WSAStartup(MAKEWORD(2, 2), &ignored)) return INVALID_SOCKET;
    *colon = 0;
    to.sin_addr.s_addr = inet_addr(address);
    to.sin_port = htons((u_short)atoi(colon + 1));
    SOCKET link = socket(AF_INET, SOCK_STREAM, 0);
    if (link != INVALID_SOCKET && connect(link, (struct sockaddr *)&to, sizeof to)) {
        closesocket(link);
        return INVALID_SOCKET;
    }
    return link;
}

/* Sends the request and reads the answer into its place; gives the return code. Takes the request's memory. */
static LONG ask_on(SOCKET link, struct text *request) {
    add(request, "\n");
    for (size_t sent = 0; sent < request->used;) {
        int part = send(link, request->data + sent, (int)(request->used - sent), 0);
        if (part <= 0) return NO_SERVICE;
        sent += part;
    }
    request->used = 0;
    for (;;) {
        char part[4096];
        int length = recv(link, part, sizeof part - 1, 0);
        if (length <= 0) return NO_SERVICE;
        part[length] = 0;
        add(request, "%s", part);
        if (part[length - 1] == '\n') break;
    }
    return (LONG)strtoul(request->data, NULL, 16);
}

static LONG ask(struct text *request) {
    SOCKET link = dial();
    if (link == INVALID_SOCKET) return NO_SERVICE;
    LONG code = ask_on(link, request);
    closesocket(link);
    return code;
}

/* The next word of an answer, the code being the first. */
static char *word(char **rest) {
    char *begin = strchr(*rest, ' ');
    if (!begin) return "";
    *rest = begin + 1;
    return begin + 1;
}

static size_t unhex(const char *hex, BYTE *to, size_t size) {
    size_t length = 0;
    unsigned byte;
    if (*hex == 'x') hex++;
    while (length < size && sscanf(hex + 2 * length, "%2x", &byte) == 1) to[length++] = (BYTE)byte;
    return length;
}

static size_t hex_length(const char *hex) {
    return *hex == 'x' ? strspn(hex + 1, "0123456789abcdef") / 2 : 0;
}

/* Gives binary data of an answer to a caller who passed a buffer, a length alone, or SCARD_AUTOALLOCATE. */
static LONG give(const char *hex, void *buffer, DWORD *length, size_t unit) {
    size_t size = hex_length(hex);
    DWORD units = (DWORD)(size / unit);
    if (!buffer) {
        *length = units;
        return 0;
    }
    if (*length == SCARD_AUTOALLOCATE) {
        BYTE *made = malloc(size + unit);
        unhex(hex, made, size);
        *(BYTE **)buffer = made;
    } else if (*length < units) {
        *length = units;
        return TOO_SMALL;
    } else {
        unhex(hex, buffer, size);
    }
    *length = units;
    return 0;
}

LONG WINAPI SCardEstablishContext(DWORD scope, LPCVOID one, LPCVOID two, LPSCARDCONTEXT context) {
    (void)one; (void)two;
    struct text text = {0};
    SOCKET link = dial();
    if (link == INVALID_SOCKET) return NO_SERVICE;
    add(&text, "establish %lx", scope);
    LONG code = ask_on(link, &text);
    char *rest = text.data;
    if (code) closesocket(link);
    else {
        *context = (SCARDCONTEXT)strtoull(word(&rest), NULL, 16);
        EnterCriticalSection(&guard);
        for (int i = 0; i < MAX_CONTEXTS; i++)
            if (!contexts[i].context) {
                contexts[i].context = *context;
                contexts[i].lifeline = link;
                break;
            }
        LeaveCriticalSection(&guard);
    }
    free(text.data);
    return code;
}

static LONG simple(const char *name, ULONG_PTR handle) {
    struct text text = {0};
    add(&text, "%s %llx", name, (unsigned long long)handle);
    LONG code = ask(&text);
    free(text.data);
    return code;
}

LONG WINAPI SCardReleaseContext(SCARDCONTEXT context) {
    LONG code = simple("release", context);
    EnterCriticalSection(&guard);
    for (int i = 0; i < MAX_CONTEXTS; i++)
        if (contexts[i].context == context) {
            closesocket(contexts[i].lifeline);
            contexts[i].context = 0;
        }
    LeaveCriticalSection(&guard);
    return code;
}

LONG WINAPI SCardIsValidContext(SCARDCONTEXT context) { return simple("valid", context); }
LONG WINAPI SCardCancel(SCARDCONTEXT context) { return simple("cancel", context); }
LONG WINAPI SCardBeginTransaction(SCARDHANDLE card) { return simple("begin", card); }
HANDLE WINAPI SCardAccessStartedEvent(void) { return started; }
void WINAPI SCardReleaseStartedEvent(void) {}

LONG WINAPI SCardFreeMemory(SCARDCONTEXT context, LPCVOID memory) {
    (void)context;
    free((void *)memory);
    return 0;
}

static LONG list(SCARDCONTEXT context, char kind, void *names, DWORD *length) {
    struct text text = {0};
    add(&text, "list%c %llx", kind, (unsigned long long)context);
    LONG code = ask(&text);
    char *rest = text.data;
    if (!code) code = give(word(&rest), names, length, kind == 'W' ? 2 : 1);
    free(text.data);
    return code;
}

LONG WINAPI SCardListReadersA(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD length) {
    (void)groups;
    return list(context, 'A', names, length);
}

LONG WINAPI SCardListReadersW(SCARDCONTEXT context, LPCWSTR groups, LPWSTR names, LPDWORD length) {
    (void)groups;
    return list(context, 'W', names, length);
}

static void add_name(struct text *text, const void *name, char kind) {
    if (kind == 'W') add_hex(text, name, wcslen(name) * 2);
    else add_hex(text, name, strlen(name));
}

/* SCARD_READERSTATEA and SCARD_READERSTATEW differ in the type of the name alone. */
static LONG change(SCARDCONTEXT context, char kind, DWORD timeout, SCARD_READERSTATEA *states, DWORD count) {
    struct text text = {0};
    add(&text, "change%c %llx %lx", kind, (unsigned long long)context, timeout);
    for (DWORD i = 0; i < count; i++) {
        add_name(&text, states[i].szReader, kind);
        add(&text, " %lx", states[i].dwCurrentState);
    }
    LONG code = ask(&text);
    char *rest = text.data;
    for (DWORD i = 0; !code && i < count; i++) {
        states[i].dwEventState = strtoul(word(&rest), NULL, 16);
        states[i].cbAtr = (DWORD)unhex(word(&rest), states[i].rgbAtr, sizeof states[i].rgbAtr);
    }
    free(text.data);
    return code;
}

LONG WINAPI SCardGetStatusChangeA(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATEA *states, DWORD count) {
    return change(context, 'A', timeout, states, count);
}

LONG WINAPI SCardGetStatusChangeW(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATEW *states, DWORD count) {
    return change(context, 'W', timeout, (SCARD_READERSTATEA *)states, count);
}

static LONG open_card(SCARDCONTEXT context, char kind, const void *name, DWORD share, DWORD protocols,
                      SCARDHANDLE *card, DWORD *protocol) {
    struct text text = {0};
    add(&text, "connect%c %llx", kind, (unsigned long long)context);
    add_name(&text, name, kind);
    add(&text, " %lx %lx", share, protocols);
    LONG code = ask(&text);
    char *rest = text.data;
    if (!code) {
        *card = (SCARDHANDLE)strtoull(word(&rest), NULL, 16);
        *protocol = strtoul(word(&rest), NULL, 16);
    }
    free(text.data);
    return code;
}

LONG WINAPI SCardConnectA(SCARDCONTEXT context, LPCSTR name, DWORD share, DWORD protocols, LPSCARDHANDLE card,
                                 LPDWORD protocol) {
    return open_card(context, 'A', name, share, protocols, card, protocol);
}

LONG WINAPI SCardConnectW(SCARDCONTEXT context, LPCWSTR name, DWORD share, DWORD protocols, LPSCARDHANDLE card,
                                 LPDWORD protocol) {
    return open_card(context, 'W', name, share, protocols, card, protocol);
}

LONG WINAPI SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD leave, LPDWORD protocol) {
    struct text text = {0};
    add(&text, "reconnect %llx %lx %lx %lx", (unsigned long long)card, share, protocols, leave);
    LONG code = ask(&text);
    char *rest = text.data;
    if (!code) *protocol = strtoul(word(&rest), NULL, 16);
    free(text.data);
    return code;
}

static LONG let_go(const char *name, SCARDHANDLE card, DWORD leave) {
    struct text text = {0};
    add(&text, "%s %llx %lx", name, (unsigned long long)card, leave);
    LONG code = ask(&text);
    free(text.data);
    return code;
}

LONG WINAPI SCardDisconnect(SCARDHANDLE card, DWORD leave) { return let_go("disconnect", card, leave); }
LONG WINAPI SCardEndTransaction(SCARDHANDLE card, DWORD leave) { return let_go("end", card, leave); }

LONG WINAPI SCardTransmit(SCARDHANDLE card, LPCSCARD_IO_REQUEST send_pci, LPCBYTE command, DWORD length,
                                 LPSCARD_IO_REQUEST receive_pci, LPBYTE answer, LPDWORD answer_length) {
    (void)receive_pci;
    struct text text = {0};
    add(&text, "transmit %llx %lx", (unsigned long long)card, send_pci ? send_pci->dwProtocol : 0);
    add_hex(&text, command, length);
    LONG code = ask(&text);
    char *rest = text.data;
    if (!code) code = give(word(&rest), answer, answer_length, 1);
    free(text.data);
    return code;
}

LONG WINAPI SCardControl(SCARDHANDLE card, DWORD control, LPCVOID data, DWORD length, LPVOID answer, DWORD size,
                                LPDWORD answer_length) {
    struct text text = {0};
    add(&text, "control %llx %lx", (unsigned long long)card, control);
    add_hex(&text, data, length);
    LONG code = ask(&text);
    char *rest = text.data;
    *answer_length = size;
    if (!code) code = give(word(&rest), answer, answer_length, 1);
    free(text.data);
    return code;
}

LONG WINAPI SCardStatusA(SCARDHANDLE card, LPSTR names, LPDWORD names_length, LPDWORD state, LPDWORD protocol,
                                LPBYTE atr, LPDWORD atr_length) {
    struct text text = {0};
    add(&text, "status %llx", (unsigned long long)card);
    LONG code = ask(&text);
    char *rest = text.data;
    if (!code) {
        *state = strtoul(word(&rest), NULL, 16);
        *protocol = strtoul(word(&rest), NULL, 16);
        code = give(word(&rest), names, names_length, 1);
        if (!code) code = give(word(&rest), atr, atr_length, 1);
    }
    free(text.data);
    return code;
}

/* For the functions that pyscard looks for and this project does not use (winscard.def). */
LONG WINAPI Missing(void) { return UNSUPPORTED; }
