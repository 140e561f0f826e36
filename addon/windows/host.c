/* On Windows the functions of Node-API are imported from "node.exe". They are taken from the program that runs instead,
   whatever its name: Electron's and Bun's have them, too. */
#include <string.h>
#include <windows.h>
/* After windows.h, whose types it uses. */
#include <delayimp.h>

static FARPROC WINAPI find_host(unsigned event, PDelayLoadInfo import) {
  if (event != dliNotePreLoadLibrary || _stricmp(import->szDll, "node.exe") != 0)
    return NULL;
  return (FARPROC)(void (*)(void))GetModuleHandleW(NULL);
}

PfnDliHook __pfnDliNotifyHook2 = find_host;
