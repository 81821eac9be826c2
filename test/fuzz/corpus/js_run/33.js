print(encodeURIComponent('é😀&'), decodeURI('%41%2f'), escape('ü'), unescape('%u0041'), 'ß'.toUpperCase(), 'İ'.toLowerCase().length, 'a\u0301'.normalize(), '\ud83d'.toWellFormed(), 'x'.at(-1), String.raw`\u`, 'abc'.anchor('q'), 'a-b-c'.replaceAll('-', '$&$&'), 'aaa'.lastIndexOf('a', 1), ' x '.trim(), 'abc'.localeCompare('abd'), '\x41\u{1F600}\0'.length, "a\
b");
