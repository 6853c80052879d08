using System.Buffers;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>Checks bytes that come in pieces for being one JSON document (RFC 8259), in memory that does not depend on how long its texts
/// are. Whether they are UTF-8 is not its concern.</summary>
internal sealed class JsonScan
{
    // Parsers commonly give up beyond 64 levels, and some end their process; what is deeper is shown as text.
    private const int MaxDepth = 64;

    private static readonly SearchValues<byte> NotText = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private Place _place = Place.Value;
    private ulong _objects; // The innermost level in the lowest bit: whether it is an object.
    private int _depth;
    private bool _isName;
    private int _hexDigits;
    private byte[] _literal = [];
    private int _literalAt;

    private enum Place
    {
        Value, ValueOrEnd, NameOrEnd, Name, Colon, After, Text, Escape, Hex, Literal, Minus, Zero, Integer, Point,
        Fraction, E, ExponentSign, Exponent,
    }

    /// <summary>Whether what came is a whole document.</summary>
    public bool IsWhole => _depth == 0 && (_place == Place.After || IsNumber);

    private bool IsNumber => _place is Place.Zero or Place.Integer or Place.Fraction or Place.Exponent;

    /// <summary>Takes the next piece.</summary>
    /// <returns>Whether it may still become a document.</returns>
    public bool Push(ReadOnlySpan<byte> piece)
    {
        for (var at = 0; at < piece.Length; at++)
        {
            if (_place == Place.Text)
            {
                var length = piece[at..].IndexOfAny(NotText);
                if (length < 0)
                {
                    return true;
                }

                at += length;
            }

            if (!Take(piece[at]))
            {
                return false;
            }
        }

        return true;
    }

    private bool Take(byte b)
    {
        switch (_place)
        {
            case Place.Text:
                return b == '"' ? Go(_isName ? Place.Colon : Place.After) : b == '\\' && Go(Place.Escape);
            case Place.Escape:
                _hexDigits = 0;
                return b == 'u' ? Go(Place.Hex) : "\"\\/bfnrt"u8.Contains(b) && Go(Place.Text);
            case Place.Hex:
                return char.IsAsciiHexDigit((char)b) && (++_hexDigits < 4 || Go(Place.Text));
            case Place.Literal:
                return b == _literal[_literalAt++] && (_literalAt < _literal.Length || Go(Place.After));
            case >= Place.Minus:
                return TakeOfNumber(b);
            default:
                return b is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' || TakeToken(b);
        }
    }

    private bool TakeToken(byte b) => _place switch
    {
        Place.Value => Begin(b),
        Place.ValueOrEnd => b == ']' ? Leave(isObject: false) : Begin(b),
        Place.NameOrEnd => b == '}' ? Leave(isObject: true) : b == '"' && BeginText(isName: true),
        Place.Name => b == '"' && BeginText(isName: true),
        Place.Colon => b == ':' && Go(Place.Value),
        _ => b switch
        {
            _ when _depth == 0 => false,
            (byte)',' => Go((_objects & 1) == 1 ? Place.Name : Place.Value),
            (byte)']' => Leave(isObject: false),
            (byte)'}' => Leave(isObject: true),
            _ => false,
        },
    };

    private bool Begin(byte b) => b switch
    {
        (byte)'"' => BeginText(isName: false),
        (byte)'{' => Enter(isObject: true),
        (byte)'[' => Enter(isObject: false),
        (byte)'-' => Go(Place.Minus),
        (byte)'0' => Go(Place.Zero),
        >= (byte)'1' and <= (byte)'9' => Go(Place.Integer),
        (byte)'t' => BeginLiteral("true"u8),
        (byte)'f' => BeginLiteral("false"u8),
        (byte)'n' => BeginLiteral("null"u8),
        _ => false,
    };

    private bool TakeOfNumber(byte b)
    {
        var isDigit = b is >= (byte)'0' and <= (byte)'9';
        var isExponent = b is (byte)'e' or (byte)'E';
        switch (_place)
        {
            case Place.Minus:
                return isDigit && Go(b == '0' ? Place.Zero : Place.Integer);
            case Place.Integer or Place.Fraction or Place.Exponent when isDigit:
                return true;
            case Place.Zero or Place.Integer when b == '.':
                return Go(Place.Point);
            case Place.Zero or Place.Integer or Place.Fraction when isExponent:
                return Go(Place.E);
            case Place.Point:
                return isDigit && Go(Place.Fraction);
            case Place.E when b is (byte)'+' or (byte)'-':
                return Go(Place.ExponentSign);
            case Place.E or Place.ExponentSign:
                return isDigit && Go(Place.Exponent);
            default:
                _place = Place.After; // It has ended, and this is what follows it.
                return Take(b);
        }
    }

    private bool Go(Place place)
    {
        _place = place;
        return true;
    }

    private bool BeginText(bool isName)
    {
        _isName = isName;
        return Go(Place.Text);
    }

    private bool BeginLiteral(ReadOnlySpan<byte> literal)
    {
        (_literal, _literalAt) = (literal.ToArray(), 1);
        return Go(Place.Literal);
    }

    private bool Enter(bool isObject)
    {
        if (_depth == MaxDepth)
        {
            return false;
        }

        _depth++;
        _objects = (_objects << 1) | (isObject ? 1u : 0u);
        return Go(isObject ? Place.NameOrEnd : Place.ValueOrEnd);
    }

    private bool Leave(bool isObject)
    {
        if (_depth == 0 || (_objects & 1) == 1 != isObject)
        {
            return false;
        }

        _depth--;
        _objects >>= 1;
        return Go(Place.After);
    }
}
