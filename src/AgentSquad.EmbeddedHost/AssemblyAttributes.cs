// The engine is used from its own host only; nothing else is public but the Microsoft.* surface.
[assembly: CLSCompliant(false)]
