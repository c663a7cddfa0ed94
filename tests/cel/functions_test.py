"""Kubernetes' CEL functions, each with the values that its documentation states.

https://kubernetes.io/docs/reference/using-api/cel/ and the comments of apiserver/pkg/cel/library.
"""

from typing import Any

import pytest

from mlgen import cel

TRUE = """
[1, 2, 3].isSorted()
!['b', 'a'].isSorted()
[].isSorted()
[1, 3].sum() == 4
[1.0, 3.0].sum() == 4.0
[3, 1].min() == 1
['b', 'a'].max() == 'b'
[1, 2, 2, 3].indexOf(2) == 1
['a', 'b', 'b', 'c'].lastIndexOf('b') == 2
[1.0].indexOf(1.1) == -1
[true].indexOf(true) == 0
[1, 2].includes(2)
'tacocat'.indexOf('ac') == 1
'abcb'.indexOf('b', 2) == 3
'abcb'.lastIndexOf('b') == 3
'abcb'.lastIndexOf('b', 2) == 1
'abc 123'.find('[0-9]+') == '123'
'abc'.find('[0-9]+') == ''
'123 abc 456'.findAll('[0-9]+') == ['123', '456']
'123 abc 456'.findAll('[0-9]+', 1) == ['123']
'a1b2'.find('([a-z])([0-9])') == 'a1'
'[x'.find('[[]x') == '[x'
'a)b'.find('a[)]b') == 'a)b'
isURL('https://example.com:80/')
isURL('/absolute/path')
!isURL('https://a:b/')
!isURL('../relative-path')
url('https://example.com:80/').getScheme() == 'https'
url('/path').getScheme() == ''
url('https://example.com:80/').getHost() == 'example.com:80'
url('https://[::1]:80/').getHost() == '[::1]:80'
url('https://example.com:80/').getHostname() == 'example.com'
url('https://[::1]:80/').getHostname() == '::1'
url('https://example.com:80/').getPort() == '80'
url('https://example.com/').getPort() == ''
url('https://example.com/path').getEscapedPath() == '/path'
url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/'
url('https://example.com/path?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}
url('https://example.com/p?a key=a value').getQuery() == {'a key': ['a value']}
url('https://example.com/path').getQuery() == {}
isQuantity('1.3Gi')
isQuantity('1.3G')
!isQuantity('1,3G')
isQuantity('10000k')
!isQuantity('200K')
isQuantity('-20m')
!isQuantity('Mi')
!isQuantity('')
quantity('50000000').isInteger()
!quantity('50.3').isInteger()
quantity('50k').asInteger() == 50000
quantity('9999999999999999999999999999999999999G').isInteger() == false
quantity('50.703k').asApproximateFloat() == 50703.0
quantity('50000k') == quantity('50M')
quantity('50k').add(quantity('20k')) == quantity('70k')
quantity('50k').add(20) == quantity('50020')
quantity('50k').sub(20000) == quantity('30k')
quantity('50k').sub(quantity('20k')) == quantity('30k')
quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')
quantity('200M').compareTo(quantity('0.2G')) == 0
quantity('50M').compareTo(quantity('50Mi')) == -1
quantity('50Mi').compareTo(quantity('50M')) == 1
quantity('150Mi').isGreaterThan(quantity('100Mi'))
quantity('50M').isLessThan(quantity('100M'))
!quantity('100M').isLessThan(quantity('50M'))
quantity('-1').sign() == -1 && quantity('0').sign() == 0 && quantity('1').sign() == 1
isIP('127.0.0.1')
isIP('::1')
!isIP('127.0.0.256')
!isIP('fe80::1%eth0')
!isIP('::ffff:1.2.3.4')
ip('192.168.0.1').family() == 4
ip('fe80::1').family() == 6
ip('127.0.0.1') == ip('127.0.0.1')
ip('2001:db8::abcd') == ip('2001:DB8:0:0::ABCD')
ip.isCanonical('127.0.0.1')
ip.isCanonical('2001:db8::abcd')
!ip.isCanonical('2001:DB8::ABCD')
ip('0.0.0.0').isUnspecified()
ip('::').isUnspecified()
!ip('127.0.0.1').isUnspecified()
ip('127.0.0.1').isLoopback()
!ip('192.168.0.1').isLoopback()
ip('224.0.0.1').isLinkLocalMulticast()
ip('ff02::1').isLinkLocalMulticast()
!ip('224.0.1.1').isLinkLocalMulticast()
ip('169.254.169.254').isLinkLocalUnicast()
ip('fe80::1').isLinkLocalUnicast()
ip('192.168.0.1').isGlobalUnicast()
!ip('255.255.255.255').isGlobalUnicast()
ip('2001:db8::abcd').isGlobalUnicast()
!ip('ff00::1').isGlobalUnicast()
string(ip('127.0.0.1')) == '127.0.0.1'
isCIDR('192.168.0.0/16')
isCIDR('::1/128')
!isCIDR('192.168.0.0/33')
!isCIDR('192.168.0.1')
cidr('192.168.0.0/24').containsIP(ip('192.168.0.1'))
!cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))
cidr('192.168.0.0/24').containsIP('192.168.0.1')
cidr('192.168.0.0/16').containsCIDR(cidr('192.168.10.0/24'))
!cidr('192.168.1.0/24').containsCIDR(cidr('192.168.0.0/16'))
cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24')
cidr('192.168.0.1/24').ip() == ip('192.168.0.1')
cidr('192.168.0.0/24').masked() == cidr('192.168.0.0/24')
cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24')
cidr('::1/128').prefixLength() == 128
!format.dns1123Label().validate('my-label-name').hasValue()
format.dns1123Label().validate('contains a space').hasValue()
format.dns1123Label().validate('UPPER').value().size() == 1
!format.dns1123Subdomain().validate('apiextensions.k8s.io').hasValue()
!format.dns1035Label().validate('my-label-name').hasValue()
format.dns1035Label().validate('7up').hasValue()
!format.qualifiedName().validate('apiextensions.k8s.io/v1beta1').hasValue()
!format.dns1123LabelPrefix().validate('my-label-prefix-').hasValue()
!format.labelValue().validate('my-cool-label-Value').hasValue()
!format.uri().validate('http://example.com').hasValue()
format.uri().validate('no uri').hasValue()
!format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()
!format.byte().validate('aGVsbG8=').hasValue()
format.byte().validate('aGVsbG8').hasValue()
!format.date().validate('2021-01-01').hasValue()
format.date().validate('2021-02-29').hasValue()
!format.datetime().validate('2021-01-01T00:00:00Z').hasValue()
format.datetime().validate('2021-01-01').hasValue()
format.named('dns1123Label').hasValue()
!format.named('unknown').hasValue()
!format.named('dns1123Label').value().validate('a-b').hasValue()
isSemver('1.0.0')
!isSemver('hello')
!isSemver('v1.0')
isSemver('v1.0', true)
isSemver('01.01.01', true)
semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3
semver('1.2.3').compareTo(semver('1.2.3')) == 0
semver('1.2.3').isLessThan(semver('1.10.0'))
semver('1.0.0').isGreaterThan(semver('1.0.0-rc.1'))
semver('1.0.0-rc.2').isLessThan(semver('1.0.0-rc.10'))
semver('v1.2', true) == semver('1.2.0')
sets.contains([1, 2, 3], [2])
sets.equivalent([1, 1], [1])
sets.intersects([1], [1, 2])
1.0 < 2
2 > 1.5 && 1 == 1.0
dyn(1u) < 1.5
'a,b'.split(',') == ['a', 'b']
['a', 'b'].join('-') == 'a-b'
'%s has %d'.format(['web', 3]) == 'web has 3'
'aB'.lowerAscii() == 'ab'
'abc'.substring(1, 2) == 'b'
' a '.trim() == 'a'
'abca'.replace('a', 'x') == 'xbcx'
cel.bind(x, 2, x * x == 4)
{'a': 1}.?b.orValue(2) == 2
optional.of(1).optMap(x, x + 1).value() == 2
{'a': {'b': 1}}[?'a'].?b.hasValue()
[1, 2, 3].all(i, x, i < x)
{'a': 1}.exists(k, v, k == 'a' && v == 1)
[1, 2].transformList(i, v, i + v) == [1, 3]
math.greatest(1, 2) == 2
timestamp('2020-01-01T00:00:00Z').getFullYear() == 2020
duration('90s').getMinutes() == 1
"""


@pytest.mark.parametrize("expression", [line for line in TRUE.splitlines() if line])
def test_a_stated_value(expression: str) -> None:
    assert cel.program(expression, ()).value({}) is True


def test_functions_take_values_whose_type_is_known_when_they_run() -> None:
    data: dict[str, Any] = {"self": {"limit": "1Gi", "items": ["b"], "word": "b"}}
    for expression in (
        "quantity(self.limit) == quantity('1024Mi')",
        "self.items.indexOf(self.word) == 0",
        "self.word.indexOf('b') == 0",
        "self.items.includes(self.word)",
        "self.items.all(i, format.dns1123Label().validate(i) == optional.none())",
    ):
        assert cel.program(expression, ("self",)).value(data) is True


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("quantity('10Mo').sign() == 1", "'10Mo' is no quantity"),
        ("[].min() == 1", "the list is empty"),
        ("self.absent == 1", 'Key not found in map : "absent"'),
        ("1 / 0 == 1", "divide by zero"),
        ("ip('::ffff:1.2.3.4').family() == 6", "an address with a zone, or IPv4 mapped to IPv6, is not allowed"),
        ("quantity('1').isLessThan(semver('1.0.0'))", "a quantity and a version cannot be compared"),
        ("quantity('1.5').asInteger() == 1", "the quantity is no whole number of 64 bits"),
    ],
)
def test_an_evaluation_that_fails_says_why(expression: str, message: str) -> None:
    with pytest.raises(cel.FailedError) as caught:
        cel.program(expression, ("self",)).value({"self": {}})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("authorizer.path('/healthz').check('get').allowed()", "mlgen does not know `authorizer`"),
        ("nothing(self)", "mlgen does not know `nothing`"),
        ("[duration('1m'), duration('1s')].sum() == duration('1m1s')", "Non-CEL value type"),
        ("{'a': 1}.transformMap(k, v, v + 1) == {}", "No overload found in reference"),
        ("self == '" + "x" * 20_000 + "'", "it is longer than 20000 characters"),
    ],
)
def test_what_cannot_be_evaluated_is_said(expression: str, why: str) -> None:
    with pytest.raises(cel.UnevaluableError) as caught:
        cel.program(expression, ("self",)).value({"self": {}})
    assert why in str(caught.value)


def test_work_is_bounded() -> None:
    nested = cel.program("self.all(a, self.all(b, self.all(c, a + b + c >= 0)))", ("self",))
    assert nested.value({"self": list(range(10))}) is True
    with pytest.raises(cel.UnevaluableError):
        nested.value({"self": list(range(1000))})


def test_no_expression_is_told_so() -> None:
    with pytest.raises(cel.MalformedError):
        cel.program("self.x <", ("self",))


def test_a_number_too_large_is_an_error_and_no_traceback() -> None:
    with pytest.raises(cel.FailedError):
        cel.program("self.x == 1", ("self",)).value({"self": {"x": 2**70}})
