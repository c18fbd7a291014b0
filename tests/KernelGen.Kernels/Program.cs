using System.Reflection;
using System.Runtime.CompilerServices;

// Compiles every method of the classes named by the arguments (the ends of their names) and runs none: whoever started this process reads what the JIT
// made of them from its listing.
int compiled = 0;
foreach (Type type in Assembly.GetExecutingAssembly().GetTypes().Where(type => args.Any(end => type.Name.EndsWith(end, StringComparison.Ordinal))))
{
    foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
    {
        RuntimeHelpers.PrepareMethod(method.MethodHandle);
        compiled++;
    }
}

return compiled > 0 ? 0 : 1;
