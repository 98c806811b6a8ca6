// Functions are found by their attributes; nothing here is an API for other languages.
[assembly: CLSCompliant(false)]
