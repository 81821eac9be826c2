# The texts of runtime/builtins/*.js as one C string: cmake -DOUTPUT=file.c "-DTEXTS=a.js;b.js" -P embed-library.cmake
set(all "/* Made by tools/embed-library.cmake. */\n#include \"runtime/builtins/inner.h\"\n\nconst char tsk_js_library_text[] =\n    \"")
foreach(path ${TEXTS})
  file(READ "${path}" text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
  string(APPEND all "${text}")
endforeach()
# Sources are padded, see runtime/base/source.h.
string(REPEAT "\\0" 63 padding)
string(APPEND all "${padding}\";\n")
file(WRITE "${OUTPUT}" "${all}")
